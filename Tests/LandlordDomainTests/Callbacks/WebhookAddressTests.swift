import LandlordDomain
import StatesLanguage
import Testing

struct WebhookAddressTests {
    @Test(arguments: [
        ("https://hooks.acme.io/a?b=c", "https://hooks.acme.io:443", "/a?b=c"),
        ("HTTPS://Hooks.ACME.io", "https://hooks.acme.io:443", "/"),
        ("https://hooks.acme.io.:8443/", "https://hooks.acme.io:8443", "/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080", "/x"),
        ("http://[::1]:80?q", "http://[::1]:80", "/?q"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example:443", "/"),
    ])
    func `an address is taken apart`(text: String, origin: String, target: String) throws {
        let address = try WebhookAddress(text)
        #expect((address.origin, address.target) == (origin, target))
    }

    @Test(arguments: [
        "", "hooks.acme.io", "ftp://a.example", "https://", "https:///path", "https://user@a.example/",
        "https://user:word@a.example/", "https://a.example#part", "https://a.example/#part", "https://a b.example/",
        "https://b\u{fc}cher.example/", "https://a.example:0/", "https://a.example:65536/", "https://a.example:/",
        "https://a.example:8x/", "https://a..example/", "https://[::1/", "https://[a.example]/", "https://[127.0.0.1]/",
        "https://a.example\\@evil.example/", "https://a.example/\"", "https://[::1]x/", "https://%61.example/",
    ])
    func `what two readers could read differently is refused`(text: String) {
        #expect(throws: WebhookAddress.Problem.self) { try WebhookAddress(text) }
    }

    @Test(arguments: [
        ("https://hooks.acme.io/", [String](), false, nil),
        ("http://hooks.acme.io/", [], false, DeliveryFailure.Code.destinationRefused),
        ("http://127.0.0.1/", [], false, .destinationRefused), ("http://127.0.0.1/", [], true, nil),
        ("http://[::1]/", [], true, nil), ("http://localhost/", [], true, nil),
        ("https://127.0.0.1/", [], false, .destinationRefused), ("https://localhost/", [], false, .destinationRefused),
        ("https://10.0.0.1/", [], true, .addressRefused), ("https://8.8.8.8/", [], false, nil),
        ("https://hooks.acme.io/", ["hooks.acme.io"], false, nil),
        ("https://hooks.acme.io/", ["*.acme.io"], false, nil),
        ("https://acme.io/", ["*.acme.io"], false, .destinationRefused),
        ("https://evilacme.io/", ["*.acme.io"], false, .destinationRefused),
        ("https://hooks.acme.io/", ["acme.io", "*.ACME.io"], false, nil), ("https://b.example/", ["*"], false, nil),
        ("https://b.example/", ["hooks.acme.io"], false, .destinationRefused),
    ])
    func `the configuration decides what may be asked`(
        text: String, hosts: [String], loopback: Bool, code: DeliveryFailure.Code?
    ) throws {
        let policy = WebhookPolicy(allowsLoopback: loopback, allowedHosts: hosts)
        #expect(policy.refusal(of: try WebhookAddress(text))?.code == code)
    }

    @Test func `a name that leads to this machine is refused, whatever is allowed`() throws {
        let policy = WebhookPolicy(allowsLoopback: true)
        let loopback = try #require(IPAddress("127.0.0.1"))
        #expect(policy.refusal(of: try WebhookAddress("https://evil.example/"), at: loopback)?.code == .addressRefused)
        #expect(policy.refusal(of: try WebhookAddress("http://localhost/"), at: loopback) == nil)
        let other = WebhookPolicy(allowsLoopback: false)
        #expect(other.refusal(of: try WebhookAddress("http://localhost/"), at: loopback)?.code == .addressRefused)
    }
}

struct IPAddressTests {
    /// From the special-purpose registries of IANA, both sides of each edge.
    @Test(arguments: [
        ("1.0.0.0", true), ("0.255.255.255", false), ("9.255.255.255", true), ("10.0.0.0", false),
        ("10.255.255.255", false), ("11.0.0.0", true), ("100.63.255.255", true), ("100.64.0.0", false),
        ("100.127.255.255", false), ("100.128.0.0", true), ("126.255.255.255", true), ("128.0.0.1", true),
        ("169.253.255.255", true), ("169.254.169.254", false), ("169.255.0.0", true), ("172.15.255.255", true),
        ("172.16.0.0", false), ("172.31.255.255", false), ("172.32.0.0", true), ("192.0.0.192", false),
        ("192.0.1.0", true), ("192.0.2.1", false), ("192.88.99.1", false), ("192.167.255.255", true),
        ("192.168.1.1", false), ("192.169.0.0", true), ("198.17.255.255", true), ("198.18.0.1", false),
        ("198.19.255.255", false), ("198.20.0.0", true), ("198.51.100.1", false), ("203.0.113.9", false),
        ("223.255.255.255", true), ("224.0.0.1", false), ("239.255.255.255", false), ("240.0.0.1", false),
        ("255.255.255.255", false), ("168.63.129.16", false), ("8.8.8.8", true),
        ("::", false), ("::ffff:8.8.8.8", false), ("::ffff:127.0.0.1", false), ("::7f00:1", false),
        ("64:ff9b::8.8.8.8", true), ("64:ff9b::10.0.0.1", false), ("64:ff9b::a9fe:a9fe", false),
        ("64:ff9b:1::8.8.8.8", false), ("100::1", false), ("2001::1", false), ("2001:1ff::1", false),
        ("2001:200::1", true), ("2001:db8::1", false), ("2002:808:808::1", false), ("2606:4700::1111", true),
        ("3fff::1", false), ("3fff:1000::1", true), ("4000::1", false), ("5f00::1", false), ("fc00::1", false),
        ("fd00:ec2::254", false), ("fe80::1", false), ("fec0::1", false), ("ff02::1", false),
    ])
    func `which addresses are public`(text: String, isPublic: Bool) throws {
        #expect((try #require(IPAddress(text)).reach == .everywhere) == isPublic)
    }

    @Test(arguments: ["127.0.0.1", "127.255.255.254", "::1"])
    func `which addresses are this machine`(text: String) throws {
        #expect(try #require(IPAddress(text)).reach == .loopback)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.x", "0x7f.1", "2130706433", ":", ":::", "1::2::3",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g", "1:2:3:4:5:6:7::8", "fe80::1%eth0", "::1.2.3",
        "1.2.3.4::",
    ])
    func `what is no address is not read as one`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    /// RFC 5952, sections 1 and 4.
    @Test(arguments: [
        ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:DB8::1", "2001:db8::1"), ("::", "::"), ("::1", "::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1::", "1::"), ("127.0.0.1", "127.0.0.1"),
        ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
    ])
    func `an address is written in its usual form`(text: String, written: String) throws {
        #expect(try #require(IPAddress(text)).description == written)
    }
}

struct RetryAfterTests {
    /// 1994-11-06T08:49:00Z; the date is the example of RFC 9110, 5.6.7, in its three forms.
    private static let now = Timestamp(millisecondsSinceEpoch: 784_111_740_000)

    @Test(arguments: [
        ("120", 120), ("0", 0), (" 7 ", 7), ("99999999999999999999", Int(Int32.max)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
        ("Sun Nov  6 08:49:37 1994", 37), ("Sun, 06 Nov 1994 08:48:37 GMT", 0), ("Sun, 06 Nov 1994 08:49:60 GMT", 59),
    ])
    func `a number of seconds or a date is a wait`(text: String, seconds: Int) {
        #expect(RetryAfter.duration(text, now: Self.now) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "soon", "-1", "1.5", "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT", "1 2 3 4 5 6",
    ])
    func `anything else is none`(text: String) {
        #expect(RetryAfter.duration(text, now: Self.now) == nil)
    }
}
