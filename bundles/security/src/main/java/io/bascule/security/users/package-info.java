/* SPDX-License-Identifier: Apache-2.0 */
/** Files with a line for each user, and how they are edited. */
package io.bascule.security.users;
