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

package io.github.jetstreamspring.annotation.handler

import io.github.jetstreamspring.annotation.JetStreamListener
import org.springframework.messaging.Message
import org.springframework.messaging.handler.annotation.Header
import org.springframework.messaging.handler.annotation.SendTo
import java.util.concurrent.CopyOnWriteArrayList

@JvmInline
value class OrderId(val value: String) {

	init {
		require(value.startsWith("o-"))
	}

}

@JvmInline
value class Cents(val value: Long)

data class Shipment(val order: OrderId, val price: Cents, val note: String? = null, val parcels: Int = 1)

class ShipmentHandler {

	val done = CopyOnWriteArrayList<Shipment>()

	@JetStreamListener("worker")
	@SendTo("results.done")
	fun handle(shipment: Shipment): OrderId {
		done.add(shipment)
		return shipment.order
	}

}

class OrderIdHandler {

	val done = CopyOnWriteArrayList<String>()

	@JetStreamListener("worker")
	fun handle(order: OrderId, @Header("price") price: Cents, @Header("parent") parent: OrderId) {
		done.add(order.value + " " + price.value + " " + parent.value)
	}

}

class SuspendingOrderIdHandler {

	val done = CopyOnWriteArrayList<String>()

	@JetStreamListener("worker")
	suspend fun handle(order: OrderId) {
		done.add(order.value)
	}

}

class OrderIdBatchHandler {

	val done = CopyOnWriteArrayList<String>()

	@JetStreamListener(value = "worker", batch = true)
	fun handle(orders: List<OrderId>, messages: List<Message<OrderId>>) {
		orders.forEachIndexed { index, order -> done.add(order.value + " " + messages[index].payload.value) }
	}

}

class ValuePublisher {

	fun shipment(order: String, cents: Long): Any = Shipment(OrderId(order), Cents(cents))

	fun order(order: String): Any = OrderId(order)

}
