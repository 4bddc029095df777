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

package io.github.jetstreamspring.sample;

import java.time.Duration;

import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.nats.client.JetStreamManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The shop's story, from the order to the mail or the dead letter.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "jetstream.listeners.order-worker.retry.delay=50ms" })
@Import(EmbeddedServerConfiguration.class)
@ExtendWith(OutputCaptureExtension.class)
class ShopApplicationTests {

	@LocalServerPort
	int port;

	@Autowired
	JetStreamTemplate template;

	@Autowired
	JetStreamManagement management;

	@Test
	void anOrderIsChargedAndEndsInAMail(CapturedOutput output) {
		assertThat(order("o-1", "alice").getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
		await().until(() -> output.getOut().contains("Mail to alice: Your order o-1 is paid"));
	}

	@Test
	void anOrderThatIsSentTwiceIsStoredOnce() {
		assertThat(order("o-2", "carol").getBody()).contains("\"duplicate\":false");
		assertThat(order("o-2", "carol").getBody()).contains("\"duplicate\":true");
	}

	@Test
	void anOrderThatFailsOnceIsRetried(CapturedOutput output) {
		order("o-3", "bob");
		await().until(() -> output.getOut().contains("Charged order o-3 of bob at attempt 2"));
	}

	@Test
	void anOrderThatAlwaysFailsBecomesADeadLetter(CapturedOutput output) throws Exception {
		order("o-4", "mallory");
		await().atMost(Duration.ofSeconds(20))
			.until(() -> output.getOut()
				.contains("Failed 3 times, the last time with java.lang.IllegalStateException: the card was declined"));
		await().until(() -> this.management.getStreamInfo("orders").getStreamState().getMsgCount() == 0);
	}

	@Test
	void anOrderThatCantBeDecodedBecomesADeadLetterAtOnce(CapturedOutput output) {
		this.template.publish("orders.created", "this is not JSON");
		await().until(() -> output.getOut().contains("16 bytes, after 1 attempt(s): The payload can't be converted"));
	}

	@Test
	void whatFailedIsRedrivenWhenTheCauseIsMended(CapturedOutput output) {
		order("o-5", "trudy");
		RestClient client = RestClient.create("http://localhost:" + this.port);
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(
					client.get().uri("/actuator/jetstreamdeadletters?reason=declined").retrieve().body(String.class))
				.contains("o-5"));
		client.post().uri("/customers/trudy/card").retrieve().toBodilessEntity();
		assertThat(client.post()
			.uri("/actuator/jetstreamdeadletters")
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"action\": \"redrive\", \"reason\": \"declined\"}")
			.retrieve()
			.body(String.class)).contains("\"redriven\"");
		await().atMost(Duration.ofSeconds(20))
			.until(() -> output.getOut().contains("Charged order o-5 of trudy at attempt 1"));
	}

	@Test
	void aTraceGoesFromTheRequestToTheHandler(CapturedOutput output) {
		String trace = "0af7651916cd43dd8448eb211c80319c";
		RestClient.create("http://localhost:" + this.port)
			.post()
			.uri("/orders")
			.header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
			.contentType(MediaType.APPLICATION_JSON)
			.body(new Order("o-6", "dave", 995))
			.retrieve()
			.toBodilessEntity();
		await().untilAsserted(() -> assertThat(output.getOut().lines())
			.anySatisfy((line) -> assertThat(line).contains(trace, "Charged order o-6 of dave")));
	}

	@Test
	void healthTellsAboutConnectionAndListeners() {
		RestClient client = RestClient.create("http://localhost:" + this.port);
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(client.get().uri("/actuator/health").retrieve().body(String.class))
				.contains("\"order-worker\":\"RUNNING\"", "\"connection\":\"CONNECTED\"", "serverVersion"));
	}

	private ResponseEntity<String> order(String id, String customer) {
		return RestClient.create("http://localhost:" + this.port)
			.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(new Order(id, customer, 995))
			.retrieve()
			.toEntity(String.class);
	}

}
