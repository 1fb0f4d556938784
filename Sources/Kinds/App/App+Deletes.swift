import Resources
import Schemas

extension App {
    static func losses(from observed: AppSighting, to desired: Desired?) -> [Loss] {
        guard desired == nil, observed.release != nil else { return [] }
        return [Loss("the release, which the gateway serves", .atOnce)]
    }
}
