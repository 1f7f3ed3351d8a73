import Glibc

// MD5 (RFC 1321), SHA-1 and the SHA-2 family (FIPS 180-4). All of them cut a padded message into blocks and mix each
// into a state of a few words. They are written here because the library that has them all takes three times as long
// to build as all the rest of the language; a test holds them against that library. Nothing secret goes through them.

/// A message with the padding that all of these digests have: a bit, zeros, and its length in bits.
private func padded(_ message: [UInt8], blockSize: Int, isBigEndian: Bool) -> [UInt8] {
    let lengthSize = blockSize / 8
    var padded = message
    padded.reserveCapacity(message.count + 2 * blockSize)
    padded.append(0x80)
    let zeros = (2 * blockSize - lengthSize - padded.count % blockSize) % blockSize
    padded.append(contentsOf: repeatElement(0, count: zeros))
    let length = UInt64(message.count) * 8
    let bytes = (0..<lengthSize).map { $0 < 8 ? UInt8(truncatingIfNeeded: length >> (8 * $0)) : 0 }
    padded.append(contentsOf: isBigEndian ? bytes.reversed() : bytes)
    return padded
}

extension FixedWidthInteger {
    @inline(__always)
    fileprivate func rotatedRight(_ count: Self) -> Self { self &>> count | self &<< (Self(Self.bitWidth) &- count) }

    @inline(__always)
    fileprivate func rotatedLeft(_ count: Self) -> Self { rotatedRight(Self(Self.bitWidth) &- count) }

}

extension Sequence where Element: FixedWidthInteger {
    /// The bytes of all words, the highest of each first.
    fileprivate var bigEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(underestimatedCount * (Element.bitWidth / 8))
        for word in self {
            for shift in stride(from: Element.bitWidth - 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word &>> Element(shift)))
            }
        }
        return bytes
    }
}

/// What the two sizes of words of the SHA-2 family do differently.
private protocol SHA2Word: FixedWidthInteger, UnsignedInteger, Sendable {
    static var constants: [Self] { get }
    var turnedForChoice: Self { get }
    var turnedForMajority: Self { get }
    var turnedEarly: Self { get }
    var turnedLate: Self { get }
}

extension UInt32: SHA2Word {
    fileprivate static let constants = UInt64.constants.prefix(64).map { UInt32($0 >> 32) }
    @inline(__always)
    fileprivate var turnedForChoice: UInt32 { rotatedRight(6) ^ rotatedRight(11) ^ rotatedRight(25) }
    @inline(__always)
    fileprivate var turnedForMajority: UInt32 { rotatedRight(2) ^ rotatedRight(13) ^ rotatedRight(22) }
    @inline(__always)
    fileprivate var turnedEarly: UInt32 { rotatedRight(7) ^ rotatedRight(18) ^ self &>> 3 }
    @inline(__always)
    fileprivate var turnedLate: UInt32 { rotatedRight(17) ^ rotatedRight(19) ^ self &>> 10 }
}

extension UInt64: SHA2Word {
    fileprivate static let constants = SHA2.constants512
    @inline(__always)
    fileprivate var turnedForChoice: UInt64 { rotatedRight(14) ^ rotatedRight(18) ^ rotatedRight(41) }
    @inline(__always)
    fileprivate var turnedForMajority: UInt64 { rotatedRight(28) ^ rotatedRight(34) ^ rotatedRight(39) }
    @inline(__always)
    fileprivate var turnedEarly: UInt64 { rotatedRight(1) ^ rotatedRight(8) ^ self &>> 7 }
    @inline(__always)
    fileprivate var turnedLate: UInt64 { rotatedRight(19) ^ rotatedRight(61) ^ self &>> 6 }
}

/// The SHA-2 family: SHA-256 on words of 32 bits, SHA-384 and SHA-512 on words of 64.
enum SHA2 {
    static func sha256(_ message: [UInt8]) -> [UInt8] { digest(message, initial256) }

    static func sha384(_ message: [UInt8]) -> [UInt8] { Array(digest(message, initial384).prefix(48)) }

    static func sha512(_ message: [UInt8]) -> [UInt8] { digest(message, initial512) }

    private static func digest<Word: SHA2Word>(_ message: [UInt8], _ initial: [Word]) -> [UInt8] {
        let wordSize = Word.bitWidth / 8
        var state = initial
        padded(message, blockSize: wordSize * 16, isBigEndian: true).withUnsafeBytes { message in
            Word.constants.withUnsafeBufferPointer { constants in
                withUnsafeTemporaryAllocation(of: Word.self, capacity: constants.count) { schedule in
                    for block in stride(from: 0, to: message.count, by: wordSize * 16) {
                        for index in 0..<16 {
                            let place = block + index * wordSize
                            schedule[index] = Word(
                                bigEndian: message.loadUnaligned(fromByteOffset: place, as: Word.self))
                        }
                        mix(schedule, constants, into: &state)
                    }
                }
            }
        }
        return state.bigEndianBytes
    }

    @inline(__always)
    private static func mix<Word: SHA2Word>(
        _ schedule: UnsafeMutableBufferPointer<Word>, _ constants: UnsafeBufferPointer<Word>, into state: inout [Word]
    ) {
        for index in 16..<constants.count {
            let earlier = schedule[index - 16] &+ schedule[index - 7]
            schedule[index] = earlier &+ schedule[index - 15].turnedEarly &+ schedule[index - 2].turnedLate
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<constants.count {
            let first = h &+ e.turnedForChoice &+ (e & f ^ ~e & g) &+ constants[index] &+ schedule[index]
            let second = a.turnedForMajority &+ (a & b ^ a & c ^ b & c)
            h = g
            g = f
            f = e
            e = d &+ first
            d = c
            c = b
            b = a
            a = first &+ second
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }

    private static let initial256 = initial512.map { UInt32($0 >> 32) }
    /// The first bits of the fractions of the square roots of the first eight primes; of 32 bits for SHA-256.
    private static let initial512: [UInt64] = [
        0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1,
        0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179,
    ]
    /// The same of the next eight.
    private static let initial384: [UInt64] = [
        0xCBBB_9D5D_C105_9ED8, 0x629A_292A_367C_D507, 0x9159_015A_3070_DD17, 0x152F_ECD8_F70E_5939,
        0x6733_2667_FFC0_0B31, 0x8EB4_4A87_6858_1511, 0xDB0C_2E0D_64F9_8FA7, 0x47B5_481D_BEFA_4FA4,
    ]
    /// The first bits of the fractions of the cube roots of the first eighty primes.
    fileprivate static let constants512: [UInt64] = [
        0x428A_2F98_D728_AE22, 0x7137_4491_23EF_65CD, 0xB5C0_FBCF_EC4D_3B2F, 0xE9B5_DBA5_8189_DBBC,
        0x3956_C25B_F348_B538, 0x59F1_11F1_B605_D019, 0x923F_82A4_AF19_4F9B, 0xAB1C_5ED5_DA6D_8118,
        0xD807_AA98_A303_0242, 0x1283_5B01_4570_6FBE, 0x2431_85BE_4EE4_B28C, 0x550C_7DC3_D5FF_B4E2,
        0x72BE_5D74_F27B_896F, 0x80DE_B1FE_3B16_96B1, 0x9BDC_06A7_25C7_1235, 0xC19B_F174_CF69_2694,
        0xE49B_69C1_9EF1_4AD2, 0xEFBE_4786_384F_25E3, 0x0FC1_9DC6_8B8C_D5B5, 0x240C_A1CC_77AC_9C65,
        0x2DE9_2C6F_592B_0275, 0x4A74_84AA_6EA6_E483, 0x5CB0_A9DC_BD41_FBD4, 0x76F9_88DA_8311_53B5,
        0x983E_5152_EE66_DFAB, 0xA831_C66D_2DB4_3210, 0xB003_27C8_98FB_213F, 0xBF59_7FC7_BEEF_0EE4,
        0xC6E0_0BF3_3DA8_8FC2, 0xD5A7_9147_930A_A725, 0x06CA_6351_E003_826F, 0x1429_2967_0A0E_6E70,
        0x27B7_0A85_46D2_2FFC, 0x2E1B_2138_5C26_C926, 0x4D2C_6DFC_5AC4_2AED, 0x5338_0D13_9D95_B3DF,
        0x650A_7354_8BAF_63DE, 0x766A_0ABB_3C77_B2A8, 0x81C2_C92E_47ED_AEE6, 0x9272_2C85_1482_353B,
        0xA2BF_E8A1_4CF1_0364, 0xA81A_664B_BC42_3001, 0xC24B_8B70_D0F8_9791, 0xC76C_51A3_0654_BE30,
        0xD192_E819_D6EF_5218, 0xD699_0624_5565_A910, 0xF40E_3585_5771_202A, 0x106A_A070_32BB_D1B8,
        0x19A4_C116_B8D2_D0C8, 0x1E37_6C08_5141_AB53, 0x2748_774C_DF8E_EB99, 0x34B0_BCB5_E19B_48A8,
        0x391C_0CB3_C5C9_5A63, 0x4ED8_AA4A_E341_8ACB, 0x5B9C_CA4F_7763_E373, 0x682E_6FF3_D6B2_B8A3,
        0x748F_82EE_5DEF_B2FC, 0x78A5_636F_4317_2F60, 0x84C8_7814_A1F0_AB72, 0x8CC7_0208_1A64_39EC,
        0x90BE_FFFA_2363_1E28, 0xA450_6CEB_DE82_BDE9, 0xBEF9_A3F7_B2C6_7915, 0xC671_78F2_E372_532B,
        0xCA27_3ECE_EA26_619C, 0xD186_B8C7_21C0_C207, 0xEADA_7DD6_CDE0_EB1E, 0xF57D_4F7F_EE6E_D178,
        0x06F0_67AA_7217_6FBA, 0x0A63_7DC5_A2C8_98A6, 0x113F_9804_BEF9_0DAE, 0x1B71_0B35_131C_471B,
        0x28DB_77F5_2304_7D84, 0x32CA_AB7B_40C7_2493, 0x3C9E_BE0A_15C9_BEBC, 0x431D_67C4_9C10_0D4C,
        0x4CC5_D4BE_CB3E_42B6, 0x597F_299C_FC65_7E2A, 0x5FCB_6FAB_3AD6_FAEC, 0x6C44_198C_4A47_5817,
    ]
}

/// SHA-1, which nobody should trust any more, and both languages have.
enum SHA1 {
    static func digest(_ message: [UInt8]) -> [UInt8] {
        let message = padded(message, blockSize: 64, isBigEndian: true)
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        var schedule = [UInt32](repeating: 0, count: 80)
        for block in stride(from: 0, to: message.count, by: 64) {
            for index in 0..<16 {
                var word: UInt32 = 0
                for byte in 0..<4 { word = word &<< 8 | UInt32(message[block + index * 4 + byte]) }
                schedule[index] = word
            }
            for index in 16..<80 {
                let mixed = schedule[index - 3] ^ schedule[index - 8] ^ schedule[index - 14] ^ schedule[index - 16]
                schedule[index] = mixed.rotatedLeft(1)
            }
            var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
            for index in 0..<80 {
                let (mixed, constant): (UInt32, UInt32) =
                    switch index {
                    case ..<20: (b & c | ~b & d, 0x5A82_7999)
                    case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case ..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = a.rotatedLeft(5) &+ mixed &+ e &+ constant &+ schedule[index]
                (e, d, c, b, a) = (d, c, b.rotatedLeft(30), a, next)
            }
            for (index, word) in [a, b, c, d, e].enumerated() { state[index] &+= word }
        }
        return state.bigEndianBytes
    }
}

/// MD5, of which the same is to be said.
enum MD5 {
    private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
    private static let constants = (1...64).map { UInt32(abs(sin(Double($0))) * 0x1p32) }

    static func digest(_ message: [UInt8]) -> [UInt8] {
        let message = padded(message, blockSize: 64, isBigEndian: false)
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        for block in stride(from: 0, to: message.count, by: 64) {
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for index in 0..<64 {
                let (mixed, place): (UInt32, Int) =
                    switch index {
                    case ..<16: (b & c | ~b & d, index)
                    case ..<32: (d & b | ~d & c, (5 * index + 1) % 16)
                    case ..<48: (b ^ c ^ d, (3 * index + 5) % 16)
                    default: (c ^ (b | ~d), 7 * index % 16)
                    }
                var word: UInt32 = 0
                for byte in (0..<4).reversed() { word = word &<< 8 | UInt32(message[block + place * 4 + byte]) }
                let turned = (a &+ mixed &+ constants[index] &+ word).rotatedLeft(shifts[index / 16 * 4 + index % 4])
                (a, d, c, b) = (d, c, b, b &+ turned)
            }
            for (index, word) in [a, b, c, d].enumerated() { state[index] &+= word }
        }
        return state.map(\.byteSwapped).bigEndianBytes
    }
}
