/** How an exported page looks: on a screen, light or dark as its reader's system is, and on paper. */
export const htmlStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --words: #1f2328; --faint: #59636e; --line: #d1d9e0; --inset: #f6f8fa; --prompt: #eef4fb; --mark: #0969da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --words: #e6edf3; --faint: #9198a1; --line: #3d444d; --inset: #161b22; --prompt: #15202e; --mark: #4493f8;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 56rem; background: var(--ground); color: var(--words);
  font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
h2, h3, h4, h5, h6 { line-height: 1.3; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.3rem; } h3 { font-size: 1.15rem; } h4, h5, h6 { font-size: 1rem; }
p, ul, ol, pre, blockquote, .wide { margin: 0 0 .75rem; }
a { color: var(--mark); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; border-radius: 3px; }
code, pre { font: .86em/1.5 ui-monospace, 'Cascadia Code', SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--inset); padding: .1em .35em; border-radius: 4px; }
pre { background: var(--inset); border: 1px solid var(--line); border-radius: 6px; padding: .65rem .8rem; overflow: auto; max-height: 32rem; white-space: pre-wrap; }
pre code { background: none; padding: 0; font-size: 1em; }
blockquote { border-left: 3px solid var(--line); padding-left: .9rem; color: var(--faint); }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
.wide { overflow-x: auto; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5rem 0; }
img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
summary { cursor: pointer; }
.contents { border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem; margin: 1.25rem 0; }
.contents ol { margin: .5rem 0 0; padding-left: 1.6rem; max-height: 24rem; overflow: auto; }
.contents a { text-decoration: none; } .contents a:hover { text-decoration: underline; }
.speaker { display: flex; gap: .75rem; align-items: baseline; justify-content: space-between; font-size: .95rem; margin: 2rem 0 .5rem; color: var(--faint); }
.speaker a { color: inherit; text-decoration: none; } .speaker time { font-weight: 400; font-size: .8rem; white-space: nowrap; }
.prompt { background: var(--prompt); border-radius: 8px; padding: .75rem 1rem .25rem; margin-bottom: .75rem; }
.said { unicode-bidi: isolate; }
.did { color: var(--faint); font-size: .9rem; margin: 0 0 .4rem; padding-left: .8rem; border-left: 2px solid var(--line); }
.did pre { margin: .35rem 0 .5rem; color: var(--words); }
.thought { color: var(--faint); margin: 0 0 .75rem; padding-left: .8rem; border-left: 2px dotted var(--line); font-size: .95rem; }
.inner { border: 1px solid var(--line); border-radius: 8px; padding: .5rem 1rem; margin: 0 0 1rem; }
.inner > summary { font-weight: 600; }
.chapter { border-top: 2px solid var(--line); margin-top: 3rem; padding-top: 1rem; }
@media print {
  :root { --ground: #fff; --words: #000; --faint: #444; --line: #bbb; --inset: #f4f4f4; --prompt: #f1f5fa; --mark: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  pre { max-height: none; overflow: visible; } .contents ol { max-height: none; overflow: visible; }
  h1, h2, h3, h4, .speaker { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
}
`.trim();
