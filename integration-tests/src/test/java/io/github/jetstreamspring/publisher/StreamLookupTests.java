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

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@EmbeddedNats(shared = false)
class StreamLookupTests {

	@AutoClose
	private PublishServer server;

	private StreamLookup lookup;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded);
		this.lookup = new StreamLookup(this.server.connection(),
				new MissingStreams(this.server.connection(), () -> true), Duration.ofSeconds(5));
	}

	@Test
	void theStreamOfASubjectIsFound() throws Exception {
		this.server.stream((stream) -> stream);
		this.server.management().addStream(StreamConfiguration.builder().name("mails").subjects("mails.*").build());
		assertThat(this.lookup.find("orders.created").getName()).isEqualTo("orders");
		assertThat(this.lookup.find("orders.a.b.c").getName()).isEqualTo("orders");
		assertThat(this.lookup.find("mails.sent").getName()).isEqualTo("mails");
	}

	@Test
	void whenNoStreamListensThenThatIsSaidAndNotRemembered() throws Exception {
		assertThatExceptionOfType(NoStreamException.class).isThrownBy(() -> this.lookup.find("orders.created"));
		this.server.stream((stream) -> stream);
		assertThat(this.lookup.find("orders.created").getName()).isEqualTo("orders");
	}

	@Test
	void whatIsKnownIsNotAskedAgainUntilItIsForgotten() throws Exception {
		this.server.stream((stream) -> stream);
		assertThat(this.lookup.find("orders.created").getDescription()).isNull();
		this.server.management()
			.updateStream(
					StreamConfiguration.builder().name("orders").subjects("orders.>").description("changed").build());
		assertThat(this.lookup.find("orders.created").getDescription()).isNull();
		this.lookup.forget("orders.created");
		assertThat(this.lookup.find("orders.created").getDescription()).isEqualTo("changed");
	}

	@Test
	void whenManySubjectsAreLookedUpThenAllAreFound() throws Exception {
		this.server.stream((stream) -> stream);
		for (int i = 0; i < 2500; i++) {
			assertThat(this.lookup.find("orders." + i).getName()).isEqualTo("orders");
		}
	}

	@Test
	void whenTheServerIsGoneThenItIsSaidWhatCantBeLookedUp() {
		this.server.server().stop();
		assertThatExceptionOfType(JetStreamException.class).isThrownBy(() -> this.lookup.find("orders.created"))
			.withMessageContaining("The stream of subject 'orders.created' can't be looked up")
			.withMessageContaining("$JS.API.STREAM.LIST");
	}

}
