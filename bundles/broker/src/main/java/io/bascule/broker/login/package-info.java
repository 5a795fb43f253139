/* SPDX-License-Identifier: Apache-2.0 */
/** Who has failed to log in, and what comes of it: later answers, and bans. Knows no connection and no authenticator. */
package io.bascule.broker.login;
