import ArgumentParser

@main
struct Landlord: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "landlord")
}
