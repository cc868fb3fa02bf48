type Ask = () => Promise<boolean>;

let ask: Ask | undefined;

/**
 * Sets the function that asks the signed-in user for the password: the dialog, while it is mounted. Resolves with
 * whether it was proved.
 */
export function setPasswordGate(next: Ask | undefined): void {
  ask = next;
}

/** Asks for a password proof; false if there is no dialog, or the user gave none. */
export async function askForPassword(): Promise<boolean> {
  return (await ask?.()) ?? false;
}
