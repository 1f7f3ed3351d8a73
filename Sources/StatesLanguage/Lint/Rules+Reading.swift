// The rules that are checked while a text is read and a definition compiled: what they find, Step Functions refuses.

extension LintRule {
    static let textRules: [LintRule] = [
        LintRule(
            reading: "INVALID_JSON", "The text cannot be read",
            why: "Nothing else can be said before the text can be read as JSON, or a file as YAML. "
                + "The place is where reading stopped."),
        LintRule(
            reading: "DUPLICATE_KEY", "An object has two members of one name",
            why: "Of two fields or states of one name only one would count, and readers differ in "
                + "which."),
        LintRule(
            reading: "INVALID_UTF8", "A text is not valid UTF-8",
            why: "Definitions are UTF-8; bytes that are not would be replaced silently somewhere on "
                + "their way."),
        LintRule(
            reading: "TOO_DEEP", "Something is nested too deeply",
            why: "A text may nest 256 levels, and states in Parallel and Map states 64. More is a "
                + "mistake or an attack."),
        LintRule(
            reading: "DEFINITION_TOO_LARGE", "The definition has more than 1,048,576 bytes",
            why: "That is the quota of Step Functions. Put parts into machines of their own."),
    ]

    static let structureRules: [LintRule] = [
        LintRule(
            reading: "MISSING_FIELD", "A field that must be there is missing",
            why: "Step Functions refuses the definition."),
        LintRule(
            reading: "UNKNOWN_FIELD", "A field is not known here",
            why: "A mistyped field would be ignored silently, so Step Functions refuses it."),
        LintRule(
            reading: "CONFLICTING_FIELDS", "Two fields exclude each other",
            why: "Only one of them can count, and Step Functions does not guess which."),
        LintRule(
            reading: "WRONG_TYPE", "A field has a value of the wrong type",
            why: "A number in quotes is a text, and a single name where a list is expected is not a "
                + "list."),
        LintRule(
            reading: "UNKNOWN_STATE_TYPE", "The Type of a state is not one of the eight",
            why: "The types are Task, Pass, Choice, Wait, Succeed, Fail, Parallel and Map, written "
                + "exactly so."),
        LintRule(
            reading: "WRONG_QUERY_LANGUAGE", "A field belongs to the other query language",
            why: "JSONPath states have InputPath, Parameters, ResultPath and their like; JSONata "
                + "states have Arguments and Output. A machine of JSONata cannot have states of "
                + "JSONPath."),
        LintRule(
            reading: "NEXT_AND_END", "A state has both Next and End",
            why: "A state either leads on or ends its branch."),
        LintRule(
            reading: "MISSING_NEXT", "A state has neither Next nor End",
            why: "Nothing says what comes after it."),
        LintRule(
            reading: "MISSING_TARGET", "A transition leads to a state that is not there",
            why: "Next, Default and StartAt name a state of the same branch; a state inside another "
                + "branch, or around this one, cannot be reached."),
        LintRule(
            reading: "UNREACHABLE_STATE", "No transition leads to a state",
            why: "Step Functions refuses states that can never run; a transition was probably "
                + "forgotten."),
        LintRule(
            reading: "NO_TERMINAL_STATE", "No state ends the machine or the branch",
            why: "Without End, Succeed or Fail a run could only end by an error."),
        LintRule(
            reading: "DUPLICATE_STATE", "Two states of the machine have one name",
            why: "Names are unique in the whole machine, branches included, because histories tell "
                + "states by their names."),
        LintRule(
            reading: "DUPLICATE_LABEL", "Two Map states have one Label",
            why: "The label is a part of the ARN of a Map Run, which must be unique in its machine."),
        LintRule(
            reading: "NAME_TOO_LONG", "The name of a state has more than 80 characters",
            why: "That is the limit of Step Functions."),
    ]

    static let valueRules: [LintRule] = [
        LintRule(
            reading: "INVALID_VALUE", "A value is not allowed",
            why: "The message says what is."),
        LintRule(
            reading: "OUT_OF_RANGE", "A number is too small or too large",
            why: "Seconds go to 99,999,999, percentages to 100, a BackoffRate starts at 1."),
        LintRule(
            reading: "EMPTY_VALUE", "A list or text that may not be empty is",
            why: "An empty list of Choices, Branches or ErrorEquals can do nothing."),
        LintRule(
            reading: "UNKNOWN_WORD", "A word is not one of those allowed",
            why: "Fields such as QueryLanguage, JitterStrategy and Mode take one of a few words, "
                + "written exactly so."),
        LintRule(
            reading: "INVALID_TIMESTAMP", "A timestamp is not of RFC 3339",
            why: "A moment is written like 2026-01-31T08:00:00Z: with date, a capital T, time and "
                + "zone."),
        LintRule(
            reading: "HEARTBEAT_TOO_LONG", "HeartbeatSeconds is not smaller than TimeoutSeconds",
            why: "The task would time out before the first heartbeat could be missed."),
        LintRule(
            reading: "INVALID_PATH", "A text is not a JSONPath",
            why: "Paths start with $ and go on with .name, ['name'], [0], [*], [?(...)] and their "
                + "like."),
        LintRule(
            reading: "INVALID_REFERENCE_PATH", "A path that must name one node may name several, or is none",
            why: "Reference Paths consist of names and single indexes only, because something is read "
                + "from, or written to, exactly that place."),
        LintRule(
            reading: "INVALID_TEMPLATE",
            "The value of a field that ends in .$ is neither a path nor an intrinsic function",
            why: "The ending .$ says that the value is computed. Leave it away for a value that "
                + "stands for itself."),
        LintRule(
            reading: "UNKNOWN_INTRINSIC", "There is no intrinsic function of that name",
            why: "The functions are those of the specification, such as States.Format, written "
                + "exactly so."),
        LintRule(
            reading: "INTRINSIC_ARGUMENTS", "An intrinsic function gets the wrong number of arguments",
            why: "The call would fail in every run. States.Format needs one value for each {} of its "
                + "template."),
        LintRule(
            reading: "INVALID_JSONATA", "A text is not a JSONata expression",
            why: "Expressions are whole texts between {% and %} and follow the grammar of JSONata."),
        LintRule(
            reading: "UNSUPPORTED_JSONATA", "An expression uses what Step Functions does not support here",
            why: "An expression has no input of its own: it reads $states and the variables, and "
                + "nothing else from outside; $states.errorOutput exists in Catch only."),
        LintRule(
            reading: "INVALID_VARIABLE", "The name of a variable is not allowed",
            why: "Names start with a letter, go on with letters, digits and underscores, have 80 "
                + "characters at most, and a branch cannot assign a variable of the states around it."),
        LintRule(
            reading: "RESERVED_VARIABLE", "A variable is called states",
            why: "$states is the state's own view of its data and cannot be assigned."),
        LintRule(
            reading: "ERROR_NAMES", "States.ALL does not stand alone and last",
            why: "It takes every error: names beside it mean nothing, and rules behind it never get "
                + "one."),
        LintRule(
            reading: "RESERVED_ERROR_NAME", "An error name starts with States. but is not one of the language",
            why: "The prefix is reserved, so that such a name is always a slip."),
    ]
}
