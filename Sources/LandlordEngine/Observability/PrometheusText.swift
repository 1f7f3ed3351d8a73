/// The text form in which Prometheus reads measurements.
enum PrometheusText {
    /// A name with what Prometheus does not allow replaced.
    static func name(_ label: String) -> String {
        let legal = label.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ":": Character(scalar)
            default: "_"
            }
        }
        guard let first = legal.first else { return "_" }
        return (first.isNumber ? "_" : "") + String(legal)
    }

    /// A label's value as it stands between quotes.
    static func escaped(_ value: String) -> String {
        value.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }

    /// Every measurement, with its type before the first of each name.
    static func write(
        _ readings: [(key: MetricsRegistry.Key, kind: Series.Kind, reading: Series.Reading)], refusedCount: Int
    ) -> String {
        var text = ""
        var last: String?
        for (key, kind, reading) in readings {
            let unit = kind == .timer ? "_seconds" : ""
            let name = key.name + unit
            if last != name { text += "# TYPE \(name) \(type(of: kind))\n" }
            last = name
            switch kind {
            case .counter, .gauge:
                text += line(name, key.labels, number(reading.value))
            case .distribution:
                text += line(name + "_sum", key.labels, number(reading.value))
                text += line(name + "_count", key.labels, "\(reading.count)")
            case .timer:
                for (bound, count) in zip(Series.bounds, reading.buckets) {
                    text += line(name + "_bucket", key.labels + ["le=\"\(number(bound))\""], "\(count)")
                }
                text += line(name + "_bucket", key.labels + ["le=\"+Inf\""], "\(reading.count)")
                text += line(name + "_sum", key.labels, number(reading.value))
                text += line(name + "_count", key.labels, "\(reading.count)")
            }
        }
        if refusedCount > 0 {
            text += "# TYPE landlord_series_refused gauge\nlandlord_series_refused \(refusedCount)\n"
        }
        return text
    }

    private static func type(of kind: Series.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .distribution: "summary"
        case .timer: "histogram"
        }
    }

    private static func line(_ name: String, _ labels: [String], _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels.joined(separator: ","))} \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
