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

package io.github.jetstreamspring.messaging;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.nats.client.Connection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.Mockito.mock;

/**
 * {@link RecentAnswers} to questions that several ask.
 */
class RecentAnswersTests {

	private final Connection connection = mock(Connection.class);

	private final AtomicInteger asked = new AtomicInteger();

	@Test
	void whenSeveralAskTheSameThenTheServerIsAskedOnce() throws Exception {
		assertThat(RecentAnswers.of(this.connection).<Integer>get("a", this.asked::incrementAndGet)).isOne();
		assertThat(RecentAnswers.of(this.connection).<Integer>get("a", this.asked::incrementAndGet)).isOne();
		assertThat(RecentAnswers.of(this.connection).<Integer>get("b", this.asked::incrementAndGet)).isEqualTo(2);
		assertThat(RecentAnswers.of(mock(Connection.class)).<Integer>get("a", this.asked::incrementAndGet))
			.isEqualTo(3);
	}

	@Test
	void whenThereIsNoAnswerThenItIsAskedAgain() throws Exception {
		assertThatIOException().isThrownBy(() -> RecentAnswers.of(this.connection).get("a", () -> {
			throw new IOException("silence");
		}));
		assertThat(RecentAnswers.of(this.connection).<Integer>get("a", this.asked::incrementAndGet)).isOne();
	}

}
