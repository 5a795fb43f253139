/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who clients are and what they may do: providers that others refer to by name, each there only while its configuration is valid and its
 * file, which is watched, has been whole. It never decides that somebody may come in because it knows nothing, and keeps no password.
 */
package io.bascule.security;
