type Ask = () => Promise<boolean>;

let ask: Ask | undefined;

/**
 * Sets the function that asks the signed-in user for the password: the dialog, while it is mounted. Resolves with
 * whether it was proved.
 */
export function setPasswordGate(next: Ask | undefined): void {
  ask = next;
}

let asked: Promise<boolean> | undefined;

/**
 * Asks for a password proof; false if there is no dialog, or the user gave none. It is asked for once, whatever number of
 * requests wait for it: one proof is good for all.
 */
export function askForPassword(): Promise<boolean> {
  asked ??= (ask?.() ?? Promise.resolve(false)).finally(() => {
    asked = undefined;
  });
  return asked;
}
