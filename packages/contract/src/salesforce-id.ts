const idPattern = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;
const checkAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18-character form of a Salesforce id, or undefined where the text is not one.
 *
 * 15 characters are case-sensitive. Each of the three check characters records, for a group of five, which of them
 * are capitals (bit i for the i-th), so an 18-character id in the wrong case can be repaired.
 */
export function toSalesforceId18(text: string): string | undefined {
  if (!idPattern.test(text)) return undefined;
  if (text.length === 15) return text + checkCharacters(text);
  const repaired = recase(text);
  return repaired === undefined ? undefined : repaired + text.slice(15).toUpperCase();
}

function checkCharacters(id15: string): string {
  let check = '';
  for (let group = 0; group < 3; group++) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      if (/[A-Z]/.test(id15.charAt(group * 5 + i))) bits |= 1 << i;
    }
    check += checkAlphabet.charAt(bits);
  }
  return check;
}

function recase(id18: string): string | undefined {
  let id15 = '';
  for (let group = 0; group < 3; group++) {
    const bits = checkAlphabet.indexOf(id18.charAt(15 + group).toUpperCase());
    if (bits < 0) return undefined;
    for (let i = 0; i < 5; i++) {
      const character = id18.charAt(group * 5 + i);
      const capital = (bits & (1 << i)) !== 0;
      if (capital && !/[a-zA-Z]/.test(character)) return undefined;
      id15 += capital ? character.toUpperCase() : character.toLowerCase();
    }
  }
  return id15;
}
