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
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What can't be published, and that nothing is sent then.
 */
@TestInstance(Lifecycle.PER_CLASS)
@EmbeddedNats
class PublishInputTests {

	private PublishServer server;

	@BeforeAll
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = new PublishServer(embedded).stream((stream) -> stream);
	}

	@AfterAll
	void stop() throws Exception {
		this.server.close();
	}

	static Stream<Arguments> mistakes() {
		return Stream.of(mistake("no subject", (message) -> message.to(""), "must not be empty"),
				mistake("blank subject", (message) -> message.to(" "), "must not be empty"),
				mistake("star", (message) -> message.to("orders.*.b"), "'orders.*.b' has a wildcard"),
				mistake("greater than", (message) -> message.to("orders.>"), "'orders.>' has a wildcard"),
				mistake("empty token", (message) -> message.to("orders..b"), "empty token"),
				mistake("space", (message) -> message.to("orders.a b"), "white space"),
				mistake("tab", (message) -> message.to("orders.a\tb"), "white space"),
				mistake("line break", (message) -> message.to("orders.a\r\nb"), "white space"),
				mistake("half a character", (message) -> message.to("orders.\ud83d"), "half a character"),
				mistake("the other half", (message) -> message.to("orders.a\ude00"), "half a character"),
				mistake("server's subject", (message) -> message.to("$JS.API.INFO"), "is the server's own"),
				mistake("no header name", (message) -> message.header("", "a"), "Header name ''"),
				mistake("header name with a line break", (message) -> message.header("a\r\nb", "a"), "Header name"),
				mistake("header name with a colon", (message) -> message.header("a:b", "a"), "'a:b'"),
				mistake("header name with a space", (message) -> message.header("a b", "a"), "'a b'"),
				mistake("header name with an umlaut", (message) -> message.header("gr\u00f6\u00dfe", "a"), "ASCII"),
				mistake("reserved header", (message) -> message.header("Nats-TTL", "1s"), "'Nats-TTL' is reserved"),
				mistake("reserved header in lower case", (message) -> message.header("nats-rollup", "all"), "reserved"),
				mistake("header value with a line feed", (message) -> message.header("a", "b\nc"), "header 'a'"),
				mistake("header value with a carriage return", (message) -> message.header("a", "b\rc"), "header 'a'"),
				mistake("header value with half a character", (message) -> message.header("a", "\ud83d"), "header 'a'"),
				mistake("blank id", (message) -> message.id(" "), "message id"),
				mistake("id with a line break", (message) -> message.id("a\nb"), "message id"),
				mistake("id with a blank after it", (message) -> message.id("a "), "message id"),
				mistake("id with a tab before it", (message) -> message.id("\ta"), "message id"),
				mistake("negative sequence", (message) -> message.expectLastSequence(-1), "-1"),
				mistake("negative subject sequence", (message) -> message.expectLastSubjectSequence(-1), "-1"),
				mistake("negative sequence of subjects", (message) -> message.expectLastSubjectSequence("a.>", -1),
						"-1"),
				mistake("no subjects", (message) -> message.expectLastSubjectSequence("", 0), "must not be empty"),
				mistake("subjects after the end", (message) -> message.expectLastSubjectSequence("a.>.b", 0), "a.>.b"),
				mistake("subjects with a line break", (message) -> message.expectLastSubjectSequence("a\nb", 0),
						"white space"),
				mistake("blank last id", (message) -> message.expectLastMessageId(""), "expected message id"),
				mistake("last id with a line break", (message) -> message.expectLastMessageId("a\nb"), "message id"),
				mistake("no stream", (message) -> message.expectStream(""), "no name of a stream"),
				mistake("stream with a dot", (message) -> message.expectStream("a.b"), "'a.b' is no name of a stream"),
				mistake("stream with a line break", (message) -> message.expectStream("a\nb"), "no name of a stream"),
				mistake("endless time to live", (message) -> message.ttl(Duration.ofSeconds(Long.MAX_VALUE)),
						"100 years"),
				mistake("endless delay", (message) -> message.delay(Duration.ofSeconds(Long.MAX_VALUE)), "100 years"),
				mistake("the end of all times", (message) -> message.deliverAt(Instant.MAX), "10000"),
				mistake("endless wait for a reply",
						(message) -> message.requestAsync(String.class, Duration.ofSeconds(Long.MAX_VALUE)),
						"100 years"),
				mistake("no time to live", (message) -> message.ttl(Duration.ZERO), "at least one second"),
				mistake("negative time to live", (message) -> message.ttl(Duration.ofSeconds(-1)),
						"at least one second"),
				mistake("time to live with a fraction", (message) -> message.ttl(Duration.ofMillis(1500)),
						"whole seconds"));
	}

	private static Arguments mistake(String name, Consumer<MessageBuilder> mistake, String text) {
		return arguments(name, mistake, text);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("mistakes")
	void aMistakeIsSaidBeforeAnythingIsSent(String name, Consumer<MessageBuilder> mistake, String text)
			throws Exception {
		JetStreamTemplate template = this.server.template();
		MessageBuilder message = template.message("a").to("orders.created");
		assertThatIllegalArgumentException().isThrownBy(() -> mistake.accept(message)).withMessageContaining(text);
		assertThat(template.inFlight()).isZero();
		assertThat(this.server.count()).isZero();
	}

	@Test
	void aPayloadOverTheServersLimitIsNotSent() throws Exception {
		JetStreamTemplate template = this.server.template();
		byte[] payload = new byte[(int) this.server.connection().getMaxPayload() + 1];
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> template.publish("orders.created", payload))
			.withMessageContaining("'orders.created'")
			.withMessageContaining("max_payload of the server");
		assertThat(this.server.count()).isZero();
	}

}
