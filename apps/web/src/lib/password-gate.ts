type Ask = () => Promise<boolean>;

let ask: Ask | undefined;

/** Sets what asks the signed-in user for the password: the dialog, while there is one. Resolves with whether it was proved. */
export function setPasswordGate(next: Ask | undefined): void {
  ask = next;
}

/** Has the password proved; false where there is nobody to ask, or it was not given. */
export async function askForPassword(): Promise<boolean> {
  return (await ask?.()) ?? false;
}
