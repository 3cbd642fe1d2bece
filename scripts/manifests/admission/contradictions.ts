import { defaultAttributes } from '@pod-eip/domain'
import { about, is, isGiven, shown } from './fields.ts'
import type { Rule } from './rules.ts'

const isPackage = is('InternetChargeType', 'BANDWIDTH_PACKAGE')
const byTraffic = defaultAttributes.internetChargeType
const isProtected = is('AddressType', 'AntiDDoSEIP')

/** Fields that cannot stand beside each other, as `contradictionIn` of `domain` has them. */
export const contradictionRules: Rule[] = [
  {
    when: `${isPackage} && !(${isGiven('BandwidthPackageId')})`,
    verdict: about({ InternetChargeType: 'BANDWIDTH_PACKAGE' }),
  },
  {
    when: `${isGiven('InternetChargeType')} && !(${isPackage}) && ${isGiven('BandwidthPackageId')}`,
    verdict: about(
      { InternetChargeType: byTraffic, BandwidthPackageId: 'bwp-a' },
      { sample: byTraffic, is: shown('InternetChargeType') },
    ),
  },
  {
    when: `${isProtected} && !(${isGiven('AntiDDoSPackageId')})`,
    verdict: about({ AddressType: 'AntiDDoSEIP' }),
  },
  {
    when: `!(${isProtected}) && ${isGiven('AntiDDoSPackageId')}`,
    verdict: about(
      { AddressType: 'AnycastEIP', AntiDDoSPackageId: 'bgp-a' },
      { sample: 'AnycastEIP', is: 'variables.addressType' },
    ),
  },
  {
    when: `!(${is('AddressType', 'AnycastEIP')}) && ${isGiven('AnycastZone')}`,
    verdict: about(
      { AddressType: 'HighQualityEIP', AnycastZone: 'ANYCAST_ZONE_GLOBAL' },
      { sample: 'HighQualityEIP', is: 'variables.addressType' },
    ),
  },
]
