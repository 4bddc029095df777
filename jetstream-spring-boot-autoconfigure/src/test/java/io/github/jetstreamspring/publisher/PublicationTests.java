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

package io.github.jetstreamspring.publisher;

import java.time.Duration;

import io.nats.client.impl.NatsMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a publication knows of its attempts.
 */
class PublicationTests {

	private final Publication publication = publication(Duration.ofNanos(2));

	@Test
	void whenNobodyListensThenThereIsNoStream() {
		sendToNobody(this.publication);
		assertThat(this.publication.mayBeWithoutStream()).isTrue();
		assertThat(this.publication.isPatienceOver()).isTrue();
	}

	@Test
	void whenNobodyListensYetThenTheStreamMayElectALeader() {
		Publication patient = publication(Duration.ofDays(1));
		sendToNobody(patient);
		assertThat(patient.mayBeWithoutStream()).isTrue();
		assertThat(patient.isPatienceOver()).isFalse();
	}

	@Test
	void whenAnAttemptIsNotAnsweredThenAStreamMayHaveIt() {
		this.publication.sending(0);
		sendToNobody(this.publication);
		assertThat(this.publication.mayBeWithoutStream()).isFalse();
	}

	@Test
	void whenTheStreamHasAnsweredSinceThenItIsThere() {
		sendToNobody(this.publication);
		this.publication.sending(0);
		this.publication.answered();
		assertThat(this.publication.mayBeWithoutStream()).isFalse();
	}

	private static void sendToNobody(Publication publication) {
		publication.sending(0);
		publication.answered();
		publication.noResponders();
	}

	private static Publication publication(Duration timeout) {
		return new Publication(new IdentifiedMessage(NatsMessage.builder().subject("orders.created").build(), "o-1"),
				timeout.toNanos(), null, null);
	}

}
