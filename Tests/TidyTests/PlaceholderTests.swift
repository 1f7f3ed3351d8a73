import Testing

@Test func `the Tidy room has a test target`() {
    #expect(Bool(true))
}
