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

package io.github.jetstreamspring.topology;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.nats.client.api.Mirror;
import io.nats.client.api.RetentionPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Mirrors that become streams of their own.
 */
@EmbeddedNats
class MirrorPromotionTests {

	@AutoClose
	private final TopologyServer server;

	MirrorPromotionTests(EmbeddedNatsServer embedded) {
		this.server = new TopologyServer(embedded);
	}

	@BeforeEach
	void createMirror() throws Exception {
		this.server
			.declare(StreamDefinition.named("origin").subjects("orders.>").retention(RetentionPolicy.Limits).build());
		this.server.connection().jetStream().publish("orders.created", new byte[1]);
		this.server.declare(copy().mirror(Mirror.builder().name("origin").build()).build());
		await().until(() -> messages() == 1);
		this.server.management().deleteStream("origin");
	}

	@Test
	void whenTheMirrorIsToBeNoneThenItGoesOnAsAStreamOfItsOwn() throws Exception {
		StreamDefinition promoted = copy().noMirror().subjects("orders.>").build();
		if (!this.server.knows("2.12")) {
			assertThatExceptionOfType(TopologyException.class).isThrownBy(() -> this.server.declare(promoted))
				.withMessageContaining("can't be changed to 'none'");
			return;
		}
		this.server.declare(promoted);
		assertThat(this.server.stream("copy").getMirror()).isNull();
		this.server.connection().jetStream().publish("orders.created", new byte[1]);
		assertThat(messages()).isEqualTo(2);
		this.server.declare(promoted);
		assertThat(this.server.writes()).isEmpty();
	}

	@Test
	void whenTheMirrorIsLeftOutThenItStaysOne() {
		this.server.declare(copy().description("a copy").build());
		assertThat(this.server.stream("copy").getMirror().getName()).isEqualTo("origin");
	}

	@Test
	void whenAMirrorIsToBeAnotherOnesThenItIsRefused() {
		assertThatExceptionOfType(TopologyException.class)
			.isThrownBy(() -> this.server.declare(copy().mirror(Mirror.builder().name("other").build()).build()))
			.withMessageContaining("can't be changed to");
	}

	private static StreamDefinition.Builder copy() {
		return StreamDefinition.named("copy").retention(RetentionPolicy.Limits);
	}

	private long messages() throws Exception {
		return this.server.management().getStreamInfo("copy").getStreamState().getMsgCount();
	}

}
