import Foundation
import Glibc

/// Waits until a condition holds; false when it does not within the time.
package func eventually(within seconds: Double = 30, _ condition: () throws -> Bool) rethrows
    -> Bool
{
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end {
        if try condition() { return true }
        usleep(50_000)
    }
    return try condition()
}
