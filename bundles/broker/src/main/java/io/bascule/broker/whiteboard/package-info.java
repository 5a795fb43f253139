/* SPDX-License-Identifier: Apache-2.0 */
/** Services of other bundles that receive messages by being there. It knows no more of the broker than any bundle does. */
package io.bascule.broker.whiteboard;
