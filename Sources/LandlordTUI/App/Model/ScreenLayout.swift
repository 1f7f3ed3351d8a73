/// Where the parts of the screen are, for the view that draws them and for the keys that page through them.
struct ScreenLayout: Hashable, Sendable {
    let size: Size

    init(_ size: Size) {
        self.size = size
    }

    /// Too small for anything but one line.
    var isTiny: Bool { size.rows < 5 || size.columns < 20 }

    /// A small screen has a header of two lines and fewer columns.
    var isCompact: Bool { size.columns < 60 || size.rows < 16 }

    /// A wide screen shows the tenant under the cursor beside the list.
    var hasTwoPanes: Bool { size.columns >= 120 && !isCompact }

    var headerRows: Int { isTiny ? 0 : isCompact ? 2 : 4 }

    var footerRows: Int { isTiny ? 0 : isCompact ? 2 : 3 }

    /// The part between header and footer.
    var body: Rect { Rect(size).inset(top: headerRows, bottom: footerRows) }

    /// The list of a screen with two panes, or all of the body.
    var list: Rect { hasTwoPanes ? body.splitColumns(size.columns * 3 / 5).left : body }

    /// What stands beside the list.
    var pane: Rect { hasTwoPanes ? body.splitColumns(size.columns * 3 / 5).right : body.line(body.rows) }

    /// The causes of dead letters, and below them the letter that stands for one of them.
    var causes: (list: Rect, sample: Rect) {
        let sampleRows = isCompact ? 0 : min(9, body.rows / 2)
        let (list, sample) = body.splitRows(body.rows - sampleRows)
        return (list, sample)
    }

    /// The rows of the causes, without their titles.
    var causeRows: Int { max(1, causes.list.rows - 1) }

    /// The rows of a list, without its titles.
    var listRows: Int { max(1, body.rows - 1) }

    /// The rows below the titles of a detail screen: one line of facts and one of tabs.
    var detailRows: Int { max(1, body.rows - 2) }
}
