import Testing

@testable import LandlordEngine

@Suite struct MetricsRegistryTests {
    private func counter(_ registry: MetricsRegistry, _ labels: [(String, String)] = []) -> Series? {
        registry.makeCounter(label: "a", dimensions: labels) as? Series
    }

    @Test func `measurements are written as Prometheus reads them`() {
        let registry = MetricsRegistry()
        let labels = [("table", "a\"b\\\n")]
        for amount in [Int64(2), 3] {
            (registry.makeCounter(label: "landlord.writes", dimensions: labels) as? Series)?.increment(by: amount)
        }
        (registry.makeMeter(label: "landlord_queue", dimensions: []) as? Series)?.set(1.5)
        (registry.makeRecorder(label: "batch", dimensions: [], aggregate: true) as? Series)?.record(Int64(4))
        (registry.makeRecorder(label: "depth", dimensions: [], aggregate: false) as? Series)?.record(Int64(7))
        let timer = registry.makeTimer(label: "commit", dimensions: []) as? Series
        timer?.recordNanoseconds(1_000_000)
        timer?.recordNanoseconds(2_000_000_000)
        let text = registry.prometheusText()
        for line in [
            "# TYPE landlord_writes counter", "landlord_writes{table=\"a\\\"b\\\\\\n\"} 5", "landlord_queue 1.5",
            "# TYPE batch summary", "batch_sum 4", "batch_count 1", "# TYPE depth gauge", "depth 7",
            "# TYPE commit_seconds histogram", "commit_seconds_bucket{le=\"0.001\"} 1",
            "commit_seconds_bucket{le=\"1\"} 1", "commit_seconds_bucket{le=\"5\"} 2",
            "commit_seconds_bucket{le=\"+Inf\"} 2", "commit_seconds_sum 2.001", "commit_seconds_count 2",
        ] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
        #expect(registry.value("landlord.writes", labels) == 5)
        #expect(registry.value("commit") == 2)
        #expect(registry.value("nothing") == nil)
    }

    @Test func `labels in another order are the same series`() {
        let registry = MetricsRegistry()
        counter(registry, [("x", "1"), ("y", "2")])?.increment(by: Int64(1))
        counter(registry, [("y", "2"), ("x", "1")])?.increment(by: Int64(1))
        #expect(registry.value("a", [("x", "1"), ("y", "2")]) == 2)
    }

    @Test func `beyond the limit a series is counted as refused`() {
        let registry = MetricsRegistry()
        for number in 0...MetricsRegistry.seriesLimit {
            counter(registry, [("n", "\(number)")])?.increment(by: Int64(1))
        }
        #expect(registry.value("a", [("n", "0")]) == 1)
        #expect(registry.value("a", [("n", "\(MetricsRegistry.seriesLimit)")]) == nil)
        #expect(registry.prometheusText().contains("landlord_series_refused 1\n"))
    }

    @Test func `many threads lose no count`() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 { counter(registry)?.increment(by: Int64(1)) }
                }
            }
        }
        #expect(registry.value("a") == 8_000)
    }
}
