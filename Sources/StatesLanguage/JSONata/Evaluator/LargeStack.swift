import Glibc

// Threads of Swift's pool have small stacks (512 KB), too small for an expression that calls itself a few hundred
// times. So
// a walk that finds itself deep goes on upon a thread of its own, with a stack of 64 MB of which the system backs
// only the
// pages that are touched, and waits for it. Nothing else runs meanwhile, so that the result is the same.

/// Where the stack of a walk began, to tell how much of it is in use.
struct LargeStack {
    /// How much of the caller's stack a walk may use before it moves.
    private static let allowance = 96 << 10
    private static let size = 64 << 20

    private let start: UInt
    /// Whether the walk has moved.
    var isLarge = false

    init() { start = Self.currentAddress() }

    /// Whether the walk should move to a large stack now.
    var isNeeded: Bool { !isLarge && start &- Self.currentAddress() > UInt(Self.allowance) }

    @inline(never)
    private static func currentAddress() -> UInt {
        var marker: UInt8 = 0
        return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    }

    /// Runs something on a large stack; answers false, without running it, when there is no memory for one.
    static func run(_ body: () -> Void) -> Bool {
        withoutActuallyEscaping(body) { body in
            var attributes = pthread_attr_t()
            guard pthread_attr_init(&attributes) == 0 else { return false }
            defer { pthread_attr_destroy(&attributes) }
            guard pthread_attr_setstacksize(&attributes, size) == 0 else { return false }
            let work = Unmanaged.passRetained(Work(body))
            defer { work.release() }
            var thread = pthread_t()
            let outcome = pthread_create(
                &thread, &attributes,
                { argument in
                    if let argument { Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue().body() }
                    return nil
                }, work.toOpaque())
            guard outcome == 0 else { return false }
            pthread_join(thread, nil)
            return true
        }
    }

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }
}
