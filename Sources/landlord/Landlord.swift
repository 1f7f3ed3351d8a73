import ArgumentParser
import LandlordEngine

@main
struct Landlord: AsyncParsableCommand {
    func run() async throws {
        print(EnginePlaceholder.bytes.count)
    }
}
