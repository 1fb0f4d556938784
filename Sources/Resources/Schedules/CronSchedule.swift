/// When something happens: cron's five fields, names and nicknames turned into numbers so that
/// every cron reads them alike.
///
/// Source: crontab(5) of Debian's cron.
package struct CronSchedule: Sendable, Equatable {
    package var minutes: CronField
    package var hours: CronField
    package var days: CronField
    package var months: CronField
    package var weekdays: CronField

    /// The five fields as crontabs write them: `0 3 * * 1-5`.
    package var text: String {
        [minutes, hours, days, months, weekdays].map(\.text).joined(separator: " ")
    }

    /// Cron's odd rule: when both the day of the month and the day of the week are restricted, the
    /// job runs on days that match either; when one of them begins with `*`, both must match.
    package var isEitherDay: Bool { !days.startsWithStar && !weekdays.startsWithStar }

    /// No month that is named has a day that is named: the 31st of February.
    package var neverRuns: Bool {
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard !isEitherDay, let first = days.values.first else { return false }
        return months.values.allSatisfy { first > lengths[$0 - 1] }
    }
}

extension CronSchedule: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(CronSyntaxError) {
            self = try CronSchedule(text)
        } catch {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a schedule: \(error.message)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
