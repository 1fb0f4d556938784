/// What an `NginxSite` document says.
struct NginxSiteSpec: Sendable, Equatable {
    /// Where the site's certificate comes from.
    enum TLS: Sendable, Equatable {
        case none
        /// The files that certbot keeps for the domain.
        case letsEncrypt
        case files(CertificateFiles)
    }

    struct CertificateFiles: Sendable, Equatable {
        var certificate = ""
        var key = ""
    }

    var server = ""
    var domain: String?
    var aliases: [String] = []
    /// Exactly one of `template` and `content` is there.
    var template: String?
    var content: String?
    /// Below the folder of nginx's configuration.
    var file: String?
    var upstream: String?
    var container: String?
    var port: Int?
    var tls = TLS.none
    var isEnabled = true
    var variables: [String: String] = [:]

    var domains: [String] { (domain.map { [$0] } ?? []) + aliases }

    /// The certificate's files; nil for a site without TLS. A wildcard's certificate is kept under
    /// the domain without `*.`, as certbot names it.
    var certificateFiles: CertificateFiles? {
        switch tls {
        case .none: return nil
        case .files(let files): return files
        case .letsEncrypt:
            let domain = domain ?? ""
            let name = domain.hasPrefix("*.") ? String(domain.dropFirst(2)) : domain
            let folder = "/etc/letsencrypt/live/\(name)"
            return CertificateFiles(
                certificate: "\(folder)/fullchain.pem", key: "\(folder)/privkey.pem")
        }
    }
}
