import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/** Escapes text for HTML content and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export interface Page {
  title: string;
  /** HTML; every value in it is already escaped. */
  main: string;
  /** The only script of a page, if any; allowed by its hash. */
  script?: string;
}

/** Sends a page of the sign-in host. It forbids framing, as Entra does, and works without a script. */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const scriptHash = page.script === undefined ? null : createHash('sha256').update(page.script).digest('base64');
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store, no-cache')
    .header('pragma', 'no-cache')
    .header('x-frame-options', 'DENY')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'strict-origin-when-cross-origin')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'${scriptHash === null ? '' : `; script-src 'sha256-${scriptHash}'`}`,
    )
    .send(frame(page));
}

function frame(page: Page): string {
  return `<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)} - Microsoft 365 (デモ)</title>
<style>${style}</style>
</head>
<body>
<div class="stage">
<main class="card">
<p class="brand"><span class="mark" aria-hidden="true"></span>Microsoft 365 <span class="badge">(デモ)</span></p>
${page.main}
</main>
<footer class="note">これは動作確認用の模擬サインイン画面です。Microsoft のサービスではありません。実際のパスワードは入力しないでください。</footer>
</div>
${page.script === undefined ? '' : `<script>${page.script}</script>`}
</body>
</html>
`;
}

const style = `
*{box-sizing:border-box}
body{margin:0;color:#1b1b1b;background:#eef2f7 linear-gradient(160deg,#dfe9f5 0%,#f3f0fa 55%,#e8f3f1 100%) fixed;
font:16px/1.6 "Segoe UI","Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Yu Gothic UI",Meiryo,sans-serif;overflow-wrap:anywhere;word-break:auto-phrase;text-wrap:pretty}
.stage{min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:16px;padding:16px}
.card{width:100%;max-width:460px;background:#fff;padding:32px 40px;border-top:4px solid #7a3e9d;border-radius:4px;
box-shadow:0 2px 6px rgba(0,0,0,.14),0 12px 32px rgba(0,0,0,.1)}
.brand{display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;margin:0 0 16px;font-weight:600;color:#444}
.mark{width:20px;height:20px;border-radius:6px;background:conic-gradient(from 45deg,#7a3e9d,#0067b8,#0f7b6c,#b3541e,#7a3e9d)}
.badge{color:#7a3e9d}
h1{font-size:24px;line-height:1.35;font-weight:600;margin:0 0 8px}
h2{font-size:14px;font-weight:600;color:#444;margin:20px 0 4px}
p{margin:0 0 12px}
.muted{color:#505050;font-size:14px}
ul{list-style:none;margin:0;padding:0}
.accounts li+li{border-top:1px solid #e3e3e3}
.account{display:flex;align-items:center;gap:12px;width:100%;padding:10px 8px;border:0;border-radius:4px;background:none;
font:inherit;color:inherit;text-align:left;cursor:pointer}
.account:hover{background:#f0f3f7}
.hinted .account{background:#eaf3fb;box-shadow:inset 0 0 0 2px #0067b8}
.hinted .account:hover{background:#dcebf8}
.avatar{flex:none;display:grid;place-items:center;width:40px;height:40px;border-radius:50%;background:#44546a;color:#fff;font-size:18px}
.hinted .avatar{background:#0067b8}
.who{min-width:0}
.name{display:block;font-weight:600;line-height:1.4}
.upn{display:block;font-size:14px;color:#505050;line-height:1.4}
.type{display:flex;gap:8px;flex-wrap:wrap}
.type input{flex:1 1 180px;min-width:0;font:inherit;padding:6px 8px;border:1px solid #767676;border-radius:2px}
label{display:block;font-size:14px;font-weight:600;color:#444;margin:20px 0 4px}
.scopes{margin:8px 0 16px;padding:12px 16px;background:#f5f7fa;border-radius:4px}
.scopes li{padding:4px 0 4px 24px;position:relative}
.scopes li::before{content:"";position:absolute;left:4px;top:11px;width:6px;height:11px;border:solid #0f7b6c;border-width:0 2px 2px 0;transform:rotate(45deg)}
.actions{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:8px;margin-top:20px}
.button{font:inherit;min-width:108px;padding:6px 16px;border:1px solid transparent;border-radius:2px;cursor:pointer}
.primary{background:#0067b8;color:#fff}
.primary:hover{background:#005393}
.secondary{background:#e3e3e3;color:#1b1b1b}
.secondary:hover{background:#d0d0d0}
a{color:#0062ad}
.switch{margin:16px 0 0;font-size:14px}
.warn{padding:10px 12px;border-left:4px solid #b3541e;background:#fdf3ec}
dl{margin:12px 0 0;font-size:13px;color:#505050}
dt{font-weight:600}
dd{margin:0 0 6px}
.note{max-width:460px;font-size:13px;color:#444;text-align:center}
:focus-visible{outline:3px solid #1b1b1b;outline-offset:2px}
@media (max-width:480px){.stage{justify-content:flex-start;padding:8px}.card{padding:24px 16px}.account{gap:10px;padding:10px 6px}.avatar{width:34px;height:34px;font-size:16px}.type .button{flex:1 1 100%}h1{font-size:21px}.actions .button{flex:1 1 40%}}
`;
