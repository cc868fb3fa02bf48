import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startDeadline, withinDeadline } from '../src/deadline.ts';

describe('deadline', () => {
  test('one budget runs down across several steps', async () => {
    const deadline = startDeadline(800);
    expect(deadline.remainingMs()).toBeGreaterThan(700);
    await sleep(60);
    expect(deadline.remainingMs()).toBeLessThan(750);
    expect(deadline.expired).toBe(false);
    await sleep(780);
    expect(deadline.expired).toBe(true);
    expect(deadline.remainingMs()).toBe(0);
    expect(deadline.signal.aborted).toBe(true);
  });

  test('a zero, negative or infinite budget is valid', async () => {
    expect(startDeadline(-5).remainingMs()).toBe(0);
    expect(startDeadline(0).expired).toBe(true);
    expect(startDeadline(1e12).expired).toBe(false);
    await sleep(5);
    expect(startDeadline(1e12).remainingMs()).toBeGreaterThan(1e9);
  });

  test('a promise that takes longer is given up at the deadline', async () => {
    const started = Date.now();
    const never = new Promise<never>(() => {});
    await expect(withinDeadline(startDeadline(50), never)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(Date.now() - started).toBeLessThan(500);
    await expect(withinDeadline(startDeadline(0), never)).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(withinDeadline(startDeadline(1000), Promise.resolve(1))).resolves.toBe(1);
    await expect(withinDeadline(startDeadline(1000), Promise.reject(new Error('own')))).rejects.toThrow('own');
  });
});
