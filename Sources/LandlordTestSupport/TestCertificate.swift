public import NIOSSL

/// A certificate that signs itself, with its key: for receivers of tests, valid from 2020 to 2120.
public struct TestCertificate: Sendable {
    /// The certificate, as PEM.
    public let certificate: String
    /// Its key, as PEM.
    public let key: String

    /// A server's side with this certificate.
    public func server() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
        return try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: key))
    }

    /// A client's side that trusts this certificate and no other.
    public func trusting() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
        return configuration
    }

    /// For `localhost`.
    public static let localhost = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
            c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
            CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABORzYRRwnec87TYv
            5MoIrNVRkqpuWZsWWDPTe8IRCJcsRvdjBBspqo/ZGlVN22/NoQcLm8t9suqpxvcW
            UPHQtzKjSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
            MB0GA1UdDgQWBBTtlXV3O8+Gfl2DapyXgOCjm1NbDjAKBggqhkjOPQQDAgNIADBF
            AiASMEg1rtThcfM1lg5l72N8pjTjZMwtvuQnkz4x48W4ZQIhALk9vA/6/DGWnrVp
            Jx/gR2x2m0Yj3s88KIWaBVuGy7xH
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLtVj3a5tZFDwQ8eN
            1OmO/LydfljpuFS5b4K2j2fCc++hRANCAATkc2EUcJ3nPO02L+TKCKzVUZKqblmb
            Flgz03vCEQiXLEb3YwQbKaqP2RpVTdtvzaEHC5vLfbLqqcb3FlDx0Lcy
            -----END PRIVATE KEY-----
            """)

    /// For `other.example`.
    public static let other = TestCertificate(
        certificate: """
            -----BEGIN CERTIFICATE-----
            MIIBbTCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1vdGhlci5l
            eGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
            VQQDDA1vdGhlci5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAPx1
            G1CNVcdlfF2V4R2ge10dPQ63BzkUTYX9rJOQFR56sQdEWkz5AoCqQFUSeASKvZiY
            OBvj7KmW2zM2xrFUzKNMMEowGAYDVR0RBBEwD4INb3RoZXIuZXhhbXBsZTAPBgNV
            HRMBAf8EBTADAQH/MB0GA1UdDgQWBBRJhzPvZZxkIEvsvIMkpCxHZKgQ9jAKBggq
            hkjOPQQDAgNIADBFAiEAiPq1aw/w1PgAXHqvFcQglUyMrGk92ejvAFJ2H9MItwAC
            IDJw8GvEISjBCwmoXuvr+HfiFnTKmeRH6Z/7LBvBvZhG
            -----END CERTIFICATE-----
            """,
        key: """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxQj86CObfCMx4/Xx
            7OH04dIJO3FOmSiPqGM0CD7Zy8ChRANCAAQA/HUbUI1Vx2V8XZXhHaB7XR09DrcH
            ORRNhf2sk5AVHnqxB0RaTPkCgKpAVRJ4BIq9mJg4G+PsqZbbMzbGsVTM
            -----END PRIVATE KEY-----
            """)
}
