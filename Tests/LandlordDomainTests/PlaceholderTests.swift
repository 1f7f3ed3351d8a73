import Testing

@Test func `the LandlordDomain room has a test target`() {
    #expect(Bool(true))
}
