public import Metrics
import Synchronization

/// Keeps the program's measurements in memory and writes them in Prometheus' text form.
///
/// There is one series for each name with its labels. Beyond ``seriesLimit`` a new series is accepted and counts for
/// nothing; the number of those is itself a measurement, so that a label with endless values shows instead of filling
/// the memory.
public final class MetricsRegistry: MetricsFactory {
    /// The most series that are kept.
    public static let seriesLimit = 4_096

    struct Key: Hashable, Comparable {
        let name: String
        let labels: [String]

        init(_ label: String, _ dimensions: [(String, String)]) {
            name = PrometheusText.name(label)
            labels = dimensions.map { "\(PrometheusText.name($0.0))=\"\(PrometheusText.escaped($0.1))\"" }.sorted()
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.name, left.labels.joined()) < (right.name, right.labels.joined())
        }
    }

    private struct State {
        var series: [Key: Series] = [:]
        var refusedCount = 0
    }

    private let state = Mutex(State())

    /// A registry without measurements.
    public init() {}

    /// A number that only grows.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(.counter, label, dimensions)
    }

    /// A number that goes up and down.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(.gauge, label, dimensions)
    }

    /// A distribution, or without aggregation the last value.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(aggregate ? .distribution : .gauge, label, dimensions)
    }

    /// A distribution of durations, told in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(.timer, label, dimensions)
    }

    /// Keeps the series: a counter that a restarted part makes again goes on from where it was.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Keeps the series.
    public func destroyMeter(_ handler: any MeterHandler) {}

    /// Keeps the series.
    public func destroyRecorder(_ handler: any RecorderHandler) {}

    /// Keeps the series.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// Every measurement in Prometheus' text form, sorted.
    public func prometheusText() -> String {
        let (series, refusedCount) = state.withLock { ($0.series, $0.refusedCount) }
        let readings = series.map { (key: $0.key, kind: $0.value.kind, reading: $0.value.reading) }
        return PrometheusText.write(readings.sorted { $0.key < $1.key }, refusedCount: refusedCount)
    }

    /// The value of a counter or gauge, or the count of a distribution; nil where nothing of that name was measured.
    public func value(_ label: String, _ dimensions: [(String, String)] = []) -> Double? {
        let key = Key(label, dimensions)
        guard let series = state.withLock({ $0.series[key] }) else { return nil }
        switch series.kind {
        case .counter, .gauge: return series.reading.value
        case .distribution, .timer: return Double(series.reading.count)
        }
    }

    private func series(_ kind: Series.Kind, _ label: String, _ dimensions: [(String, String)]) -> Series {
        let key = Key(label, dimensions)
        return state.withLock { state in
            if let known = state.series[key], known.kind == kind { return known }
            let new = Series(kind)
            if state.series[key] == nil, state.series.count < Self.seriesLimit {
                state.series[key] = new
            } else {
                state.refusedCount += 1
            }
            return new
        }
    }
}

/// One measurement of the registry, whatever its kind.
final class Series: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// What is measured.
    enum Kind: Hashable {
        case counter, gauge, distribution, timer
    }

    /// What was measured so far.
    struct Reading: Hashable {
        var value = 0.0
        var count = 0
        var largest = 0.0
        /// How many values lie at or below each of the kind's bounds.
        var buckets: [Int] = []
    }

    /// Seconds, chosen for what happens here: a write takes a millisecond, a provision minutes.
    static let bounds: [Double] = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600]

    let kind: Kind
    private let state: Mutex<Reading>

    init(_ kind: Kind) {
        self.kind = kind
        var reading = Reading()
        if kind == .timer { reading.buckets = Array(repeating: 0, count: Self.bounds.count) }
        state = Mutex(reading)
    }

    var reading: Reading { state.withLock { $0 } }

    func increment(by amount: Int64) { state.withLock { $0.value += Double(amount) } }
    func increment(by amount: Double) { state.withLock { $0.value += amount } }
    func decrement(by amount: Double) { state.withLock { $0.value -= amount } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func reset() { state.withLock { $0.value = 0 } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }

    func record(_ value: Double) {
        if kind == .gauge { set(value) } else { observe(value) }
    }

    private func observe(_ value: Double) {
        state.withLock { reading in
            reading.value += value
            reading.count += 1
            reading.largest = max(reading.largest, value)
            for (index, bound) in Self.bounds.enumerated() where index < reading.buckets.count && value <= bound {
                reading.buckets[index] += 1
            }
        }
    }
}
