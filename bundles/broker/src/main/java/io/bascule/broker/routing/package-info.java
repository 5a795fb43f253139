/* SPDX-License-Identifier: Apache-2.0 */
/** From a published message to the sessions that receive it. */
package io.bascule.broker.routing;
