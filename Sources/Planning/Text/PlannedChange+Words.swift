import Diagnostics

extension PlannedChange.Action {
    var style: Terminal.Style {
        switch self {
        case .create: .green
        case .update: .yellow
        case .delete: .red
        case .drift: .magenta
        }
    }
}

extension PlannedChange.Cause {
    /// Why a change is due; nil when its glyph says it all.
    func words(for action: PlannedChange.Action) -> String? {
        switch (self, action) {
        case (.edit, .delete): "no longer in git"
        case (.edit, _): nil
        case (.drift, _): "changed on the host"
        case (.both, .delete): "no longer in git; changed on the host as well"
        case (.both, .create): "changed in git; gone from the host"
        case (.both, _): "changed in git; the host moved as well"
        case (.unfinished, _): "an earlier run was interrupted"
        case (.adoption, _): "exists on the host, never applied by Stead"
        case (.restore, _): "gone from the host"
        case (.unconverged, _): "differs, though neither git nor the host moved"
        }
    }
}
