/**
 * What Argus knows of its own settings and past when it encounters an error. It decides between the causes of an answer
 * of Microsoft that has several, and orders the reasons: no reader is sent to a setting that is right.
 *
 * `mail_path_*`: the path of 「URL」 is one that every mailbox has, or another. `mail_query_*`: 「URL」 has something
 * behind its ?, or nothing. `scopes_standard`: every one of デフォルトの範囲 is a documented name.
 * `scopes_with_mail`, `scopes_without_mail`: whether Argus asks for mail. `worked_before`: this user's mail was fetched
 * with the present settings. `name_unchanged`, `name_differs`: whether another account that signed in has the name of the
 * linked one. `not_refused_before`: the token endpoint has not refused this user's grant before, or only a moment ago.
 * `scopes_with_profile`: Argus asks for
 * the user's own profile. `met_at_…`: which of the two answered. `answered_in_between`: the status is that of a proxy. `reply_names_cause`: the reply has a code of Microsoft, and is not that of something between.
 * `address_refused`, `address_passed`: without a reply, whether an address was the reason. `site_switched_off`,
 * `site_not_switched_off`: whether the remote site of a call that was not sent is registered, but not active.
 */
export type Known =
  | 'mail_path_standard'
  | 'mail_path_unusual'
  | 'mail_query_typed'
  | 'mail_query_none'
  | 'scopes_standard'
  | 'scopes_with_mail'
  | 'scopes_without_mail'
  | 'scopes_with_profile'
  | 'worked_before'
  | 'name_unchanged'
  | 'name_differs'
  | 'not_refused_before'
  | 'met_at_token_endpoint'
  | 'met_at_graph'
  | 'answered_in_between'
  | 'reply_names_cause'
  | 'address_refused'
  | 'address_passed'
  | 'site_switched_off'
  | 'site_not_switched_off';
