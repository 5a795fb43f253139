/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

/**
 * What a command answers. The values in it are those of the API (numbers, text, {@link java.time.Instant},
 * {@link java.time.Duration}, {@link ByteCount}, {@link Expiry}, {@link Payload}, Optional, enum, Map, collections, or another view); how they look is
 * decided by {@link Text} and {@link Json}.
 */
public sealed interface View permits Table, Details, Sentence {}
