import type { Text } from './language.ts';

/**
 * Why a whole CSV file is unreadable: what is wrong, where, and what to do. Shown below C1. `{line}` is a line of the
 * file as an editor counts it, `{position}` a column, both from 1. The names of expected columns are filled per
 * language: `{columns}` in Japanese, `{columnsEn}` in English.
 */
export const csvRefusals = {
  name_column: {
    ja: '{position}列目に「{column}」列があります。この列を削除して保存するか、「ユーザ名列を除いて取り込む」を選択してください。',
    en: 'Column {position} is "{column}". Delete this column and save the file, or choose "Import without the user names".',
  },
  empty: {
    ja: 'ファイルが空です。1行目に見出し、2行目以降にデータを入力して保存してください。',
    en: 'The file is empty. Put the header in row 1 and the data from row 2 on, then save it.',
  },
  header_only: {
    ja: '{line}行目の見出しだけで、データがありません。その次の行からデータを入力してください。',
    en: 'There is only a header in line {line} and no data. Enter data from the next line on.',
  },
  header_missing: {
    ja: '{line}行目の見出しに「{columns}」列がありません（見出し：{found}）。見出しを追加または修正してください。',
    en: 'The header in line {line} has no column "{columnsEn}" (found: {found}). Add the header or correct it.',
  },
  microsoft_users: {
    ja: 'これはMicrosoft 365の利用者の一覧です（{line}行目に「{column}」列があり、「{columns}」列がありません）。「利用者と照合する」を選択すると、Salesforceアカウントがユーザー プリンシパル名またはメールアドレスと等しい利用者、または表示名が等しいただ1人の利用者に、紐づけを追加する案を表示します。',
    en: 'This is a Microsoft 365 user list (line {line} has the column "{column}" but not "{columnsEn}"). Choose "Match with users" to preview the links to be added: to the user whose Salesforce account is the same as the user principal name or email address, or to the only user with the same display name.',
  },
  microsoft_users_elsewhere: {
    ja: 'これはMicrosoft 365の利用者の一覧です（{line}行目に「{column}」列があり、「{columns}」列がありません）。利用者としては取り込めません。登録済みの利用者と照合するには、「アカウント情報」のCSV取込でこのファイルを選択してください。',
    en: 'This is a Microsoft 365 user list (line {line} has the column "{column}" but not "{columnsEn}"). It cannot be imported as users. To match it with registered users, choose this file under "Import CSV" in "Account links".',
  },
  header_is_data: {
    ja: '{line}行目が見出しではなくデータ（{value}）になっています。1行目に見出し「{columns}」を追加してください。',
    en: 'Line {line} contains data ({value}) instead of a header. Add the header "{columnsEn}" in row 1.',
  },
  header_duplicate: {
    ja: '{line}行目の見出し「{column}」が{first}列目と{second}列目に重複しています。どちらか一方の列を削除してください。',
    en: 'The header "{column}" in line {line} is repeated in columns {first} and {second}. Delete one of these columns.',
  },
  header_unknown: {
    ja: '{line}行目の見出しに不明な列があります：{found}。使用できる列は「{columns}」です。不明な列を削除するか、見出しを修正してください。',
    en: 'The header in line {line} has unknown columns: {found}. You can use "{columnsEn}". Delete the unknown columns or correct their headers.',
  },
  header_blank: {
    ja: '{line}行目の{position}列目の見出しが空です。見出しを入力するか、その列を削除してください。',
    en: 'The header of column {position} in line {line} is blank. Enter a header, or delete the column.',
  },
  quote_unclosed: {
    ja: '{line}行目から始まるデータの " が閉じられていません。その行の " を確認してください。',
    en: 'A quote (") in the record that begins in line {line} is never closed. Check the quotes in that line.',
  },
  quote_misplaced: {
    ja: '{line}行目から始まるデータの " の位置が正しくありません。値に " を含める場合は、値全体を " で囲み、中の " を "" としてください。',
    en: 'A quote (") in the record that begins in line {line} is out of place. To include quotes in a value, enclose the whole value in quotes and double each quote inside it ("").',
  },
  record_too_long: {
    ja: '{line}行目から始まるデータが長すぎます（{max}文字超）。余分な文字を削除し、" が閉じられているか確認してください。',
    en: 'The record that begins in line {line} is too long (over {max} characters). Delete the extra characters, and check that its quotes are closed.',
  },
  too_many_columns: {
    ja: '{line}行目の列が多すぎます（{given}列、上限{max}列）。区切り文字を確認し、余分な列を削除してください。',
    en: 'Line {line} has too many columns ({given}, at most {max}). Check the separators and delete the extra columns.',
  },
  workbook: {
    ja: 'このファイルはCSVではなくExcelブックです。Excelで開き、「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選択して保存したファイルを取り込んでください。',
    en: 'This is an Excel workbook, not CSV. Open it in Excel, choose Save As and "CSV UTF-8 (Comma delimited)", then import the saved file.',
  },
  old_workbook: {
    ja: 'このファイルはCSVではなく、古い形式（.xls）またはパスワード付きのExcelブックです。Excelで開き、「CSV UTF-8（コンマ区切り）」で保存したファイルを取り込んでください。',
    en: 'This is an Excel workbook in an old format (.xls) or with a password, not CSV. Open it in Excel, save it as "CSV UTF-8 (Comma delimited)", then import the saved file.',
  },
  zip: {
    ja: 'このファイルはCSVではなくZIPファイルです。展開し、中のCSVファイルを取り込んでください。',
    en: 'This is a ZIP file, not CSV. Extract it, then import the CSV file inside.',
  },
  html: {
    ja: 'このファイルはCSVではなくHTMLまたはXMLです。Excelで開き、「CSV UTF-8（コンマ区切り）」で保存したファイルを取り込んでください。',
    en: 'This is HTML or XML, not CSV. Open it in Excel, save it as "CSV UTF-8 (Comma delimited)", then import the saved file.',
  },
  pdf: {
    ja: 'このファイルはCSVではなくPDFです。元のデータをCSV形式で保存したファイルを取り込んでください。',
    en: 'This is a PDF, not CSV. Save the original data as CSV, then import that file.',
  },
  binary: {
    ja: 'このファイルはテキストではないため、CSVとして読み取れません。CSV形式で保存したファイルを選択してください。',
    en: 'This file is not text and cannot be read as CSV. Choose a file that was saved as CSV.',
  },
} as const satisfies Record<string, Text>;

export type CsvRefusalReason = keyof typeof csvRefusals;
