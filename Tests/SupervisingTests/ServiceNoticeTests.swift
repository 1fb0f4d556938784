import TestSupport
import Testing

@testable import Supervising

/// What a service manager hears.
@Suite struct ServiceNoticeTests {
    @Test("each notice is one datagram, in the manager's words")
    func words() throws {
        let receiver = try NoticeReceiver(Scratch())
        let notice = ServiceNotice(socket: receiver.path, watchdogMicroseconds: 30_000_000)
        #expect(notice.watchdog == .seconds(30))
        notice.ready("following main")
        notice.status("all is well")
        notice.alive()
        notice.reloading()
        notice.stopping()
        let heard = receiver.take()
        #expect(heard.count == 5)
        #expect(
            heard.prefix(3) == [
                "READY=1\nSTATUS=following main", "STATUS=all is well", "WATCHDOG=1",
            ])
        #expect(heard.dropFirst(3).first?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
        #expect(heard.last == "STOPPING=1")
    }

    @Test("without a manager, or with one that is gone, nothing happens")
    func nobody() {
        for socket in [nil, "", "relative", "/nonexistent/notify", "@nobody-listens-here"] {
            ServiceNotice(socket: socket, watchdogMicroseconds: 0).ready()
            #expect(ServiceNotice(socket: socket, watchdogMicroseconds: 0).watchdog == nil)
        }
    }
}
