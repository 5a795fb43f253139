/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.embedding;

import io.bascule.itests.support.PlainFramework;
import org.junit.BeforeClass;

/** In Equinox, with the components and the logging of an older gateway. */
public class EquinoxEmbeddingIT extends EmbeddingContract {
    @BeforeClass
    public static void equinox() throws Exception {
        start(PlainFramework.equinox());
    }
}
