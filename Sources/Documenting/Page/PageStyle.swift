/// The page's style: no font, image or script from elsewhere.
enum PageStyle {
    static let css: StaticString = """
        :root { color-scheme: light dark; --text: #1c2128; --soft: #57606a; --paper: #fff;
          --shade: #f3f5f7; --line: #d0d7de; --link: #0550ae; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e6edf3; --soft: #9da7b3; --paper: #0f141a; --shade: #1a2129;
            --line: #3b444f; --link: #79b8ff; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: var(--text);
          background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; }
        h1 { font-size: 1.8rem; margin: 0 0 .5rem; }
        h2 { margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        h3 { margin: 1.5rem 0 .3rem; font-size: 1.05rem; }
        a { color: var(--link); }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -999rem; }
        .skip:focus { position: static; }
        nav ul { columns: 14rem; padding-left: 1.2rem; }
        code, pre { font: .88em/1.5 ui-monospace, monospace; }
        code { background: var(--shade); padding: .1em .3em; border-radius: 3px; }
        pre { background: var(--shade); border: 1px solid var(--line); border-radius: 6px;
          padding: .7rem .9rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        pre code { padding: 0; background: none; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
        caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0;
          border-bottom: 1px solid var(--line); }
        @media print {
          :root { --text: #000; --soft: #333; --paper: #fff; --shade: #fff; --line: #999;
            --link: #000; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          nav, .skip { display: none; }
          pre, tr { break-inside: avoid; }
          h2, h3 { break-after: avoid; } }
        """
}
