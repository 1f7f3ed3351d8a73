import Testing

@Test func `the StatesLanguage room has a test target`() {
    #expect(Bool(true))
}
