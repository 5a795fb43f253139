/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.embedding;

import io.bascule.itests.support.PlainFramework;
import org.junit.BeforeClass;

/** In Felix. */
public class FelixEmbeddingIT extends EmbeddingContract {
    @BeforeClass
    public static void felix() throws Exception {
        start(PlainFramework.felix());
    }
}
