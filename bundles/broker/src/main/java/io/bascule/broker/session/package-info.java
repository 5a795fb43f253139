/* SPDX-License-Identifier: Apache-2.0 */
/** Sessions: what is kept for a client while it is here and while it is away. Each is touched on one event loop at a time. */
package io.bascule.broker.session;
