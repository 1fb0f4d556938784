import Resources

/// How nginx is told to read its configuration again where the server's document does not say.
enum NginxReload {
    /// Shell text that returns when the new configuration answers.
    ///
    /// The reload itself returns at once, and the old workers go on accepting for a moment:
    /// whoever asked the site right after a run would see the old one. nginx sets a worker's title
    /// when it has stopped accepting. A master that keeps its old workers has found at run time
    /// what `nginx -t` can't, such as a port that another program holds: that is a failure. Where
    /// the master can't be found nothing is waited for. Source: nginx, ngx_process_cycle.c.
    static func command(on host: HostFacts) -> String {
        switch host.initSystem {
        case .systemd: systemd
        case .openrc: openrc
        case .other: other
        }
    }

    /// One that has died, or never ran, is started: its own last words were of an old
    /// configuration, and nobody could mend that one if the new one had to wait for a reload.
    private static let systemd = waiting(for: "systemctl reload-or-restart nginx")
    private static let openrc = waiting(for: "rc-service nginx reload")
    private static let other = waiting(for: "nginx -s reload")

    private static func waiting(for reload: String) -> String {
        """
        old=
        for f in /run/nginx.pid /run/nginx/nginx.pid /var/run/nginx.pid; do
            [ -r "$f" ] && IFS= read -r m <"$f" && [ -r "/proc/$m/task/$m/children" ] || continue
            IFS= read -r old <"/proc/$m/task/$m/children"
            break
        done
        \(reload) || exit
        i=0
        while [ $i -lt 200 ]; do
            busy=
            for p in $old; do
                title=
                [ -r "/proc/$p/cmdline" ] && IFS= read -r title 2>/dev/null <"/proc/$p/cmdline"
                case $title in
                    'nginx: worker process is shutting down'*) ;;
                    'nginx: worker process'*) busy=1 ;;
                esac
            done
            [ -n "$busy" ] || exit 0
            sleep 0.1
            i=$((i + 1))
        done
        echo 'nginx went on with its old configuration: its error log says why' >&2
        grep '\\[emerg\\]' /var/log/nginx/error.log 2>/dev/null | tail -n 2
        exit 1

        """
    }
}
