import GRDB
import Testing

@testable import LandlordEngine

struct StoringTests {
    @Test(arguments: [
        (ResultCode.SQLITE_IOERR_FSYNC, "connection"), (.SQLITE_IOERR_WRITE, "connection"),
        (.SQLITE_CORRUPT, "connection"), (.SQLITE_FULL, "transaction"), (.SQLITE_BUSY, "transaction"),
        (.SQLITE_NOMEM, "transaction"), (.SQLITE_CONSTRAINT_CHECK, "statement"), (.SQLITE_ERROR, "statement"),
    ])
    func `an error costs what it must, and no more`(code: ResultCode, cost: String) {
        let failure = Storing.failure(GRDB.DatabaseError(resultCode: code, message: "words"))
        switch failure {
        case .statement: #expect(cost == "statement")
        case .transaction: #expect(cost == "transaction")
        case .connection: #expect(cost == "connection")
        }
    }

    @Test func `errors of ours pass as they are`() {
        #expect(Storing.failure(RepositoryError.stale) == .statement(.stale))
        #expect(Storing.failure(GRDB.DatabaseError(resultCode: .SQLITE_FULL)).error == .full)
        #expect(Storing.failure(GRDB.DatabaseError(resultCode: .SQLITE_LOCKED)).error == .busy)
    }

    @Test func `a unique constraint names its columns`() {
        let error = GRDB.DatabaseError(
            resultCode: .SQLITE_CONSTRAINT_UNIQUE, message: "UNIQUE constraint failed: tenants.name")
        #expect(Storing.failure(error).error == .conflict("tenants.name"))
    }
}
