import { accountKey } from '@argus/contract/account-key';
import type { CsvImportView } from '@argus/contract/endpoints/imports/csv-imports';
import { beforeAll } from 'vitest';
import { company, stageCompany } from './csv-company.ts';
import { rowsOf, upload } from './csv-upload.ts';

/** A company whose users are called as in Microsoft 365; two of them have one name. */
export function stageNamedCompany(): void {
  stageCompany(['taro', 'hanako', 'jiro', 'saburo', 'shiro']);
  beforeAll(async () => {
    await rename('taro', '山田 太郎');
    await rename('hanako', '佐藤 花子');
    await rename('jiro', '鈴木 次郎');
    await rename('saburo', '田中 三郎');
    await rename('shiro', '田中 三郎');
  });
}

/** The 32 columns of "Export users" in the Microsoft 365 admin center. */
export const adminCenter =
  'Block credential,City,Country/Region,Department,DirSyncEnabled,Display name,Fax,First name,Last dirsync time,Last name,Last password change time stamp,License assignment details,Licenses,Mobile Phone,Oath token metadata,Object Id,Office,Password never expires,Phone number,Postal code,Preferred data location,Preferred language,Proxy addresses,Release track,Soft deletion time stamp,State,Street address,Strong password required,Title,Usage location,User principal name,When created'.split(
    ',',
  );
/** "Download users" in the Microsoft Entra admin center. */
export const entra =
  'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,identityIssuer,createdDateTime'.split(
    ',',
  );

type Person = Readonly<Record<string, string>>;

/** A file of these columns; a cell that a person does not name is filled as the tool fills it. */
export function listOf(columns: readonly string[], people: readonly Person[], cell = ''): string {
  const line = (cells: readonly string[]) => cells.map((text) => (text.includes(',') ? `"${text}"` : text)).join(',');
  return [line(columns), ...people.map((person) => line(columns.map((column) => person[column] ?? cell)))].join('\r\n');
}

export const admins = (upn: string, name: string, addresses = '') => ({
  'User principal name': upn,
  'Display name': name,
  'Proxy addresses': addresses,
  Licenses: 'Microsoft 365 E3+Power BI',
  'Block credential': 'False',
});

export async function rename(name: string, displayName: string): Promise<void> {
  await company.argus.database.prisma.account.update({
    where: { usernameKey: `${name}@argus.example` },
    data: { displayName, displayNameKey: accountKey(displayName) },
  });
}

export const matching = (found: CsvImportView) =>
  company.admin
    .call('POST /api/admin/csv-imports/:id/read', {
      params: { id: String(found.id) },
      body: { mode: 'merge', createAccounts: false, dropDisplayOnly: false, matchUsers: true },
    })
    .then(() => settledView(found.id));

/** Uploads a list of these people, and matches it with the users of the portal. */
export async function matchList(columns: readonly string[], people: readonly Person[]): Promise<CsvImportView> {
  return matching(await upload(company.admin, listOf(columns, people)));
}

async function settledView(id: number): Promise<CsvImportView> {
  for (;;) {
    const view = await company.admin.call('GET /api/admin/csv-imports/:id', { params: { id: String(id) } });
    if (view.state !== 'reading') return view;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function planned(found: CsvImportView, kind: 'added' | 'unchanged' | 'unmatched') {
  const rows = await rowsOf(company.admin, found, kind);
  return rows.map(({ line, username, matchedBy, cells, faults }) => [
    line,
    username,
    cells[1]?.to,
    matchedBy,
    ...faults.map(({ code }) => code),
  ]);
}
