import type { DirectoryUser } from '../data/demo-company.ts';
import type { World } from '../world.ts';
import type { AuthorizeRequest, ReturnAddress } from './authorize-request.ts';
import type { EntraError, ErrorIds } from './entra-error.ts';
import { escapeHtml, type Page } from './page-frame.ts';
import { scopeLabel } from './scopes.ts';

const listedAccounts = 20;

/**
 * The account picker. The hinted account comes first and is marked; every other account is one click away.
 * @param original path and query of the authorize request, which the form passes on
 */
export function accountPickerPage(
  world: World,
  request: AuthorizeRequest,
  original: string,
  notice: string | null,
): Page {
  const { app, users } = world.state;
  const hint = request.loginHint?.toLowerCase();
  const hinted = users.find((user) => user.userPrincipalName.toLowerCase() === hint);
  const others = users.filter((user) => user !== hinted).slice(0, listedAccounts);
  const unknownHint =
    request.loginHint !== null && hinted === undefined
      ? `アプリが指定したアカウント「${request.loginHint}」は見つかりません (AADSTS50034)。`
      : null;
  const warnings = [notice, unknownHint].filter((text) => text !== null);
  return {
    title: 'アカウントを選択する',
    main: `<h1>アカウントを選択する</h1>
<p class="muted">「${escapeHtml(app.displayName)}」へのサインイン</p>
${warnings.map((text) => `<p class="warn" role="alert">${escapeHtml(text)}</p>`).join('')}
<form method="post" action="/login">
${carry(original, 'account')}
${hinted === undefined ? '' : `<h2 id="hinted">アプリが指定したアカウント</h2><ul class="accounts hinted" aria-labelledby="hinted">${accountButton(hinted)}</ul>`}
<h2 id="others">${hinted === undefined ? '使用するアカウント' : '別のアカウントを使用'}</h2>
<ul class="accounts" aria-labelledby="others">${others.map(accountButton).join('')}</ul>
</form>
<form method="post" action="/login">
${carry(original, 'account')}
<label for="upn">一覧にないアカウント</label>
<div class="type"><input id="upn" name="account" type="text" inputmode="email" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="user@${escapeHtml(world.state.tenant.domain)}" required>
<button class="button secondary" type="submit">次へ</button></div>
</form>
<form method="post" action="/login" class="actions">
${carry(original, 'cancel')}
<button class="button secondary" type="submit">キャンセル</button>
</form>`,
  };
}

/** The consent page: what the app requests, in words. */
export function consentPage(world: World, request: AuthorizeRequest, user: DirectoryUser, original: string): Page {
  const { app, tenant } = world.state;
  return {
    title: '要求されているアクセス許可',
    main: `<p class="muted">${escapeHtml(user.displayName)}<br>${escapeHtml(user.userPrincipalName)}</p>
<h1>要求されているアクセス許可</h1>
<p>「${escapeHtml(app.displayName)}」が、${escapeHtml(tenant.displayName)} のアカウントについて次の許可を求めています。</p>
<ul class="scopes">${request.scopes.map((scope) => `<li>${escapeHtml(scopeLabel(scope))}</li>`).join('')}</ul>
<p class="muted">承諾すると、このアプリは上記の範囲であなたのデータを使用できます。承諾はいつでも取り消せます。</p>
<form method="post" action="/login" class="actions">
${carry(original, 'consent')}
<input type="hidden" name="account" value="${escapeHtml(user.oid)}">
<button class="button secondary" type="submit" name="decision" value="cancel">キャンセル</button>
<button class="button primary" type="submit" name="decision" value="accept">承諾</button>
</form>
${useAnotherAccount(original)}`,
  };
}

/** The user asked for something that only an administrator can grant (AADSTS90094). */
export function adminApprovalPage(
  world: World,
  scopes: readonly string[],
  user: DirectoryUser,
  original: string,
): Page {
  return {
    title: '管理者の承認が必要です',
    main: `<p class="muted">${escapeHtml(user.userPrincipalName)}</p>
<h1>管理者の承認が必要です</h1>
<p>「${escapeHtml(world.state.app.displayName)}」は、管理者だけが付与できる次の許可を求めています。</p>
<ul class="scopes">${scopes.map((scope) => `<li>${escapeHtml(scopeLabel(scope))}</li>`).join('')}</ul>
<p class="muted">AADSTS90094</p>
<form method="post" action="/login" class="actions">
${carry(original, 'approval')}
<button class="button secondary" type="submit">同意せずにアプリケーションに戻る</button>
</form>
${useAnotherAccount(original)}`,
  };
}

/** The consent of an administrator for the whole tenant. */
export function adminConsentPage(world: World, scopes: readonly string[], original: string): Page {
  const { app, tenant } = world.state;
  return {
    title: '組織の代理としての同意',
    main: `<h1>組織の代理としての同意</h1>
<p>「${escapeHtml(app.displayName)}」が、${escapeHtml(tenant.displayName)} の全員について次の許可を求めています。</p>
<ul class="scopes">${scopes.map((scope) => `<li>${escapeHtml(scopeLabel(scope))}</li>`).join('')}</ul>
<p class="muted">承諾すると、組織のだれにも同意の画面は表示されません。</p>
<form method="post" action="/adminconsent" class="actions">
<input type="hidden" name="request" value="${escapeHtml(original)}">
<button class="button secondary" type="submit" name="decision" value="cancel">キャンセル</button>
<button class="button primary" type="submit" name="decision" value="accept">承諾</button>
</form>`,
  };
}

/** An error shown on a page, never redirected. */
export function errorPage(error: EntraError, ids: ErrorIds): Page {
  const code = error.codes.at(-1);
  return {
    title: 'サインインできません',
    main: `<h1>申し訳ありませんが、サインインできません</h1>
<p class="warn" role="alert">${code === undefined ? '' : `AADSTS${code}: `}${escapeHtml(error.message)}</p>
<dl><dt>Request Id</dt><dd>${escapeHtml(ids.traceId)}</dd>
<dt>Correlation Id</dt><dd>${escapeHtml(ids.correlationId)}</dd>
<dt>Timestamp</dt><dd>${escapeHtml(ids.timestamp)}</dd></dl>`,
  };
}

/** `response_mode=form_post`: a form that submits itself, or by hand where scripts are off. */
export function formPostPage(to: ReturnAddress, parameters: Record<string, string>): Page {
  const fields = Object.entries(parameters).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return {
    title: 'アプリに戻ります',
    main: `<h1>アプリに戻ります</h1>
<form method="post" action="${escapeHtml(to.redirectUri)}">${fields.join('')}
<div class="actions"><button class="button primary" type="submit">続行</button></div></form>`,
    script: 'document.forms[0].submit()',
  };
}

export function signedOutPage(): Page {
  return {
    title: 'サインアウトしました',
    main: '<h1>サインアウトしました</h1><p>このブラウザーのウィンドウを閉じてもかまいません。</p>',
  };
}

function accountButton(user: DirectoryUser): string {
  return `<li><button class="account" type="submit" name="account" value="${escapeHtml(user.oid)}">
<span class="avatar" aria-hidden="true">${escapeHtml(user.surname.slice(0, 1))}</span>
<span class="who"><span class="name">${escapeHtml(user.displayName)}</span> <span class="upn">${escapeHtml(user.userPrincipalName).replace('@', '<wbr>@')}</span></span></button></li>`;
}

function carry(original: string, step: string): string {
  return `<input type="hidden" name="request" value="${escapeHtml(original)}"><input type="hidden" name="step" value="${step}">`;
}

function useAnotherAccount(original: string): string {
  const [path, query] = original.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('prompt', 'select_account');
  return `<p class="switch"><a href="${escapeHtml(`${path}?${parameters}`)}">別のアカウントを使用</a></p>`;
}
