import { create, createFileRegistry } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  MethodOptions_IdempotencyLevel,
} from '@bufbuild/protobuf/wkt'

/** What `protoc-gen-es` would generate, without it. */
const file = create(FileDescriptorProtoSchema, {
  name: 'orders.proto',
  package: 'shop',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Order',
      field: ['id', 'name'].map((name, index) => ({
        name,
        jsonName: name,
        number: index + 1,
        label: 1,
        type: FieldDescriptorProto_Type.STRING,
      })),
    },
  ],
  service: [
    {
      name: 'Orders',
      method: [
        {
          name: 'Get',
          inputType: '.shop.Order',
          outputType: '.shop.Order',
          options: { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS },
        },
        { name: 'Add', inputType: '.shop.Order', outputType: '.shop.Order' },
      ],
    },
  ],
})

export const Orders = createFileRegistry(file, () => undefined).getService('shop.Orders')
