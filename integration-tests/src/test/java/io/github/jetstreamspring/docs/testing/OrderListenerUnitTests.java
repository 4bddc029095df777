/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.docs.testing;

// tag::unit[]
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

class OrderListenerUnitTests {

	private final JetStreamTemplate template = mock();

	@Test
	void refusesWhatIsSoldOut() {
		OrderListener listener = new OrderListener(new Stock(), this.template);
		assertThatExceptionOfType(DeadLetterException.class).isThrownBy(() -> listener.handle(new Order("o-1", 100)));
		verifyNoInteractions(this.template);
	}

}
// end::unit[]
